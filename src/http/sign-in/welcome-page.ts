import type { Page } from "../options.ts";

/** The link of a mail leads to the web app's page, which asks for a password; opening it uses nothing up. */
export const welcomePage: Page = (app) => {
  app.get("/l/welcome/*", async (request, reply) => {
    const { "*": code = "" } = request.params as { "*"?: string };
    return reply
      .header("cache-control", "no-store")
      .header("referrer-policy", "no-referrer")
      .redirect(`/welcome/${encodeURIComponent(code)}`, 302);
  });
};
