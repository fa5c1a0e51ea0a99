import { defineTexts } from "../../text/define.ts";

export const texts = defineTexts("welcome", {
  title: "Welcome to Usher",
  about: "Choose a password. From then on you sign in with your e-mail and this password; your other sessions end.",
  password: "New password",
  passwordHint: "Twelve characters or more. Four words that do not belong together are good.",
  set: "Set password and sign in",
  notSet: "The password was not set.",
});
