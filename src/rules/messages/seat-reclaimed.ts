import { sayDay } from "../candidates/say-use.ts";
import type { MessageTemplate } from "./template.ts";

/** Tells the holder that the seat was taken back, with the link to have it again. */
export const seatReclaimed: MessageTemplate = {
  kind: "seat-reclaimed",
  write: (data, links) => ({
    subject: `Your place in ${data["site"]} was given back`,
    parts: [
      { kind: "paragraph", text: `Hello ${data["name"]},` },
      {
        kind: "paragraph",
        text: `your account had not been used in ${data["site"]} for a while, or you said that you do not need it, so its paid place was given back. What you wrote there stays.`,
      },
      {
        kind: "paragraph",
        text: `If you need it after all, you can have it again until ${sayDay(String(data["expiresAt"]))}:`,
      },
      {
        kind: "link",
        label: "Get it back",
        url: links.signed({
          purpose: "restore",
          subjectId: String(data["candidateId"]),
          holder: String(data["personId"]),
          expiresAt: new Date(String(data["expiresAt"])),
        }),
      },
      {
        kind: "note",
        text: "The link is yours alone. Opening it changes nothing; you ask for your place on the page.",
      },
    ],
  }),
};
