import { sayDay } from "../candidates/say-use.ts";
import type { MessageTemplate } from "./template.ts";

/** Tells the holder when the seat is taken back, and how to change that. */
export const seatScheduled: MessageTemplate = {
  kind: "seat-scheduled",
  write: (data, links) => ({
    subject: `Your place in ${data["site"]} will be given back`,
    parts: [
      { kind: "paragraph", text: `Hello ${data["name"]},` },
      {
        kind: "paragraph",
        text: `${data["why"]} Your place in ${data["site"]} is given back on ${sayDay(String(data["scheduledFor"]))} or soon after. What you wrote there stays.`,
      },
      { kind: "paragraph", text: "If you do need it, say so before then:" },
      {
        kind: "link",
        label: "Change my answer",
        url: links.signed({
          purpose: "check-in",
          subjectId: String(data["candidateId"]),
          holder: String(data["personId"]),
          expiresAt: new Date(String(data["expiresAt"])),
        }),
      },
      { kind: "note", text: `After that it can be given back to you for ${data["restoreDays"]} days.` },
    ],
  }),
};
