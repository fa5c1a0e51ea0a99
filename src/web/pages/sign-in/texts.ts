import { defineTexts } from "../../text/define.ts";

export const texts = defineTexts("sign-in", {
  title: "Sign in to Usher",
  email: "E-mail",
  password: "Password",
  signIn: "Sign in",
  sso: "Sign in with {label}",
  noWay: "Nobody can sign in yet. Whoever runs this Usher finds a one-time link in what it printed when it started.",
});
