import { defineTexts } from "../../text/define.ts";

export const texts = defineTexts("sign-in-link", {
  title: "Signing you in",
  failedTitle: "This link does not work",
  notSignedIn: "You were not signed in.",
  otherWay: "Sign in another way",
});
