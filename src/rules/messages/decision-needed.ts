import { sayDay } from "../candidates/say-use.ts";
import { saysOf } from "./check-in.ts";
import type { MessageTemplate } from "./template.ts";

/** Asks whoever decides about the seat of somebody who has not answered, or was not asked. */
export const decisionNeeded: MessageTemplate = {
  kind: "decision-needed",
  write: (data, links) => ({
    subject: `Does ${data["name"]} still need a place in ${data["site"]}?`,
    parts: [
      { kind: "paragraph", text: `The account of ${data["name"]} takes one of the paid places in ${data["site"]}.` },
      { kind: "paragraph", text: `${data["why"]} You are asked to decide. What is known:` },
      { kind: "list", items: saysOf(data) },
      {
        kind: "link",
        label: "Decide",
        url: links.signed({
          purpose: "decision",
          subjectId: String(data["candidateId"]),
          holder: String(data["deciderId"]),
          expiresAt: new Date(String(data["expiresAt"])),
        }),
      },
      {
        kind: "paragraph",
        text: `Please decide by ${sayDay(String(data["dueAt"]))}. Nothing is taken while nobody has decided.`,
      },
      {
        kind: "note",
        text: "The link is yours alone: whoever has it can decide for you. Opening it decides nothing; you choose on the page.",
      },
    ],
  }),
};
