import { defineTexts } from "../../text/define.ts";

export const texts = defineTexts("setup-admin", {
  title: "Set up Usher: your account",
  about:
    "You hold the one-time code that this Usher printed when it started, so you become its first admin. Next you say what Usher should do, and connect Confluence.",
  code: "One-time code",
  codeHint: "It stands in what Usher printed when it started, after code=",
  name: "Your name",
  email: "E-mail",
  password: "Password",
  passwordHint: "Twelve characters or more. Four words that do not belong together are good.",
  make: "Create account and continue",
  notMade: "No account was made.",
  hasAdmin: "This Usher has an admin already. <signIn>Sign in</signIn>, or ask them for an invitation.",
});
