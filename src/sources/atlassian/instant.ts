import { z } from "zod";

/** Atlassian writes instants with 0 to 9 fractional digits (TRAPS §3); what JavaScript cannot hold is cut off. */
export const Instant = z.string().transform((text, context) => {
  const at = new Date(
    text
      .trim()
      .replace(/(\.\d{3})\d+/, "$1")
      .replace(/([+-]\d{2})(\d{2})$/, "$1:$2"),
  );
  if (!Number.isNaN(at.getTime())) return at;
  context.addIssue({ code: "custom", message: "is not an instant" });
  return z.NEVER;
});
