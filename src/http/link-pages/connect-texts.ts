import { sayDay } from "../../rules/candidates/say-use.ts";

/** Every text of the page by which somebody who is no operator connects Confluence. */
export const CONNECT_TEXTS = {
  title: "Connect Confluence to Usher",
  asked: (asker: string, what: string) => `${asker} asks you to let Usher read Confluence. What is needed: ${what}.`,
  usher:
    "Usher shows your company who has access to Confluence and who uses it, and helps to give back paid places that nobody uses.",
  sites: "Where",
  allows: "What it may do",
  stored: "What is stored because of it",
  role: "Who can give it",
  where: "Where you make it",
  byAccount:
    "It may do what its account may do. Best is an account that is nobody's own and has no more rights than these:",
  never: "The token is stored encrypted, is shown to nobody, and is used only on the sites above.",
  consent: { button: "Go on to the consent", link: "Consent at Atlassian" },
  consentNext:
    "Atlassian shows the same list once more and asks you to agree. If you have several sites, choose those that are named above.",
  callback: "You come back here afterwards. The link at Atlassian is good for ten minutes.",
  fields: {
    token: "Token or key",
    email: "E-mail of the account that made it",
    organization: "Organization id (only for a key with scopes): admin.atlassian.com/o/{this}/…",
    expires: "Its last day, as it was shown (if you know it)",
    button: "Check and send",
  },
  used: "Thank you. Usher was connected by this link, so it opens nothing any more. You may close this page.",
  revoked: "Whoever asked you took the request back. There is nothing for you to do.",
  gone: "The connection that this was for is no longer there. There is nothing for you to do.",
  until: (day: Date) => `This link counts once, until ${sayDay(day)}.`,
  wrong: {
    token: "Please paste the token or key as it was shown, without blanks.",
    email: "Please give the e-mail of the account that made the token.",
    organization: "The organization id looks like 5c2b1a0e-1111-4222-8333-444455556666. Leave it out if you have none.",
    expires: "Please choose a day after today, or leave it empty.",
    busy: "This link is being used at this moment, or was used already.",
  },
  refused: (why: string) => `It was tried, and did not work, so nothing was stored. ${why}`,
} as const;
