import type { MessageTemplate } from "./template.ts";

/** Invites a person to Usher, or lets them set a new password. */
export const welcomeMessage: MessageTemplate = {
  kind: "welcome",
  write: (data, links) => ({
    subject: "Set your password for Usher",
    parts: [
      { kind: "paragraph", text: `Hello ${data["name"]},` },
      {
        kind: "paragraph",
        text: "you may sign in to Usher, which tells who has access to Confluence, who uses it, and who should. Choose a password to begin.",
      },
      {
        kind: "link",
        label: "Choose a password",
        url: links.signed({
          purpose: "welcome",
          subjectId: String(data["linkId"]),
          holder: String(data["operatorId"]),
          expiresAt: new Date(String(data["expiresAt"])),
        }),
      },
      { kind: "note", text: "The link is yours alone. It works once, and for 72 hours." },
    ],
  }),
};
