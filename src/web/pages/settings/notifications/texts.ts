import { defineTexts } from "../../../text/define.ts";

export const texts = defineTexts("settings-notifications", {
  noMail: "No mail server is set, so mails wait. Set USHER_SMTP_URL where the server is started, then start it again.",
  about:
    "Who is told of each event: at once, or with everything else of the day. Other systems are told by <webhooks>webhooks</webhooks>.",
  matrix: "Who is told of what",
  when: "When",
  now: "At once",
  digest: "In the mail of the day",
  webhooks: "Webhooks",
  act: "Act",
  change: "Change",
  changeKind: "Change who is told: {when}",
  connectionOwners: "owners of the connection",
  owner: "its owner",
  receiversHint: "One a line: connection-owners, owner, a role such as admin, or an e-mail address.",
  save: "Save",
  asItComes: "As it comes with Usher",
  mails: "Mails",
  noMails: "No mails yet.",
});
