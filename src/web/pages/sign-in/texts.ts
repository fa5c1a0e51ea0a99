import { defineTexts } from "../../text/define.ts";

export const texts = defineTexts("sign-in", {
  title: "Sign in to Usher",
  email: "E-mail",
  password: "Password",
  signIn: "Sign in",
  or: "or",
  notSignedIn: "You were not signed in.",
  ended: "Your session has ended. Sign in again: you come back to where you were.",
  forgotten: "Forgot your password, or have none? An admin of Usher can send you a link to set one.",
  linksOnly: "Here one signs in by a one-time link. Ask an admin of Usher for one.",
  noWay:
    "Nobody can sign in yet. Usher printed a one-time link when it started, in its terminal or its log: open that link to become the first admin.",
  ssoOff: "Single sign-on is switched off here. Sign in another way.",
  ssoUnreachable: "The identity provider does not answer. Try again in a moment, or tell an admin of Usher.",
  ssoExpired: "This sign-in took too long or was begun in another window. Begin again.",
  ssoState: "This answer does not belong to the sign-in that was begun here. Begin again.",
  ssoDeclined: "The identity provider did not let you in. Ask whoever runs it.",
  ssoFailed: "The identity provider's answer could not be used. Try again; if it stays, tell an admin of Usher.",
  unknownPerson: "Nobody here has your e-mail. Ask an admin of Usher to invite you.",
  otherSubject:
    "Your e-mail belongs to another identity of the provider than before. Ask an admin of Usher to reset your sign-in.",
  operatorEnded: "You may no longer sign in here. Ask an admin of Usher if that is wrong.",
  noRole: "None of your groups gives you a role here. Ask an admin of Usher which group does.",
});
