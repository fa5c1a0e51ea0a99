import { sayDay } from "../candidates/say-use.ts";
import type { MessageTemplate } from "./template.ts";

/** Asks somebody who is no operator for a consent, a token or a key. */
export const consentAsked: MessageTemplate = {
  kind: "consent-asked",
  write(data, links) {
    const id = String(data["consentLinkId"]);
    const expiresAt = new Date(String(data["expiresAt"]));
    const note = typeof data["note"] === "string" ? data["note"] : null;
    return {
      subject: "You are asked to connect Confluence to Usher",
      parts: [
        {
          kind: "paragraph",
          text: `${data["asker"]} asks you to let Usher read Confluence. What is needed: ${data["what"]}. The page says exactly what it may do and what is stored, before you decide.`,
        },
        ...(note === null ? [] : [{ kind: "paragraph" as const, text: note }]),
        {
          kind: "link",
          label: "See what is asked",
          url: links.signed({ purpose: "connect", subjectId: id, holder: id, expiresAt }),
        },
        {
          kind: "note",
          text: `The link counts once, until ${sayDay(expiresAt)}. Whoever has it can use it: do not pass it on.`,
        },
      ],
    };
  },
};
