import { SETTINGS } from "../../src/lib/settings.ts";
import { code, page, table } from "./markdown.ts";

export function settingsPage(): string {
  return page(
    "# Settings",
    "Read from the environment when Usher starts. None is needed; an empty one counts as not set.",
    table(
      ["variable", "default", "meaning"],
      SETTINGS.map(({ name, default: unset, meaning }) => [code(name), unset, meaning]),
    ),
  );
}
