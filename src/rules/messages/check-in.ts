import { sayDay } from "../candidates/say-use.ts";
import type { MessageLinks, MessagePart, MessageTemplate } from "./template.ts";

type Data = Readonly<Record<string, unknown>>;

/** Asks the holder of a seat whether it is still needed. */
export const checkInMessage: MessageTemplate = {
  kind: "check-in",
  write: (data, links) => ({
    subject: `Do you still need your place in ${data["site"]}?`,
    parts: [
      { kind: "paragraph", text: `Hello ${data["name"]},` },
      {
        kind: "paragraph",
        text: `your account in ${data["site"]} takes one of its paid places. Perhaps you do not need it any more; this is what we know:`,
      },
      { kind: "list", items: saysOf(data) },
      ...choices(data, links),
      { kind: "paragraph", text: happens(data) },
      { kind: "note", text: NOTE },
    ],
  }),
};

/** Repeats the question before the answer is due. */
export const checkInReminder: MessageTemplate = {
  kind: "check-in-reminder",
  write: (data, links) => ({
    subject: `Your place in ${data["site"]}: please answer by ${sayDay(String(data["dueAt"]))}`,
    parts: [
      { kind: "paragraph", text: `Hello ${data["name"]},` },
      { kind: "paragraph", text: `we asked whether you still need your place in ${data["site"]}. What we know:` },
      { kind: "list", items: saysOf(data) },
      ...choices(data, links),
      { kind: "paragraph", text: happens(data) },
      { kind: "note", text: NOTE },
    ],
  }),
};

const NOTE =
  "The link is yours alone: whoever has it can answer for you. Opening it decides nothing; you choose on the page. What you wrote in Confluence stays, whatever you choose.";

function choices(data: Data, links: MessageLinks): MessagePart[] {
  return [
    { kind: "paragraph", text: "You can say one of three things:" },
    {
      kind: "list",
      items: ["Keep my seat, and why.", "I don't need it.", "I am on leave until a day that you name."],
    },
    {
      kind: "link",
      label: "Answer",
      url: links.signed({
        purpose: "check-in",
        subjectId: String(data["candidateId"]),
        holder: String(data["personId"]),
        expiresAt: new Date(String(data["expiresAt"])),
      }),
    },
  ];
}

/** What happens without an answer, and when. */
function happens(data: Data): string {
  const day = sayDay(String(data["dueAt"]));
  const restore = `It can be given back to you for ${data["restoreDays"]} days after that.`;
  if (data["onSilence"] === "reclaim") return `Without an answer by ${day} your seat is taken back. ${restore}`;
  if (data["onSilence"] === "keep") return `Without an answer by ${day} you keep your seat.`;
  return `Without an answer by ${day} we ask your manager, or whoever else decides. Nothing is taken before somebody has decided.`;
}

export function saysOf(data: Data): string[] {
  const says = data["says"];
  return Array.isArray(says) ? says.map(String) : [];
}
