import { sayDay } from "../candidates/say-use.ts";
import type { MessageTemplate } from "./template.ts";

/** Tells the holder that somebody else decided to leave the seat to them. */
export const seatKept: MessageTemplate = {
  kind: "seat-kept",
  write: (data) => ({
    subject: `You keep your place in ${data["site"]}`,
    parts: [
      { kind: "paragraph", text: `Hello ${data["name"]},` },
      { kind: "paragraph", text: `you keep your place in ${data["site"]}. There is nothing for you to do.` },
      { kind: "note", text: `You are not asked about it again before ${sayDay(String(data["keptUntil"]))}.` },
    ],
  }),
};
