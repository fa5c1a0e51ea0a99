import type { Services } from "./services.ts";

/** How browsers reach Usher, without a slash at its end: the callback of consents lies directly below it. */
export function publicUrlOf({ connect }: Pick<Services, "connect">): string {
  return connect.redirectUrl.replace(/\/oauth\/callback$/, "");
}
