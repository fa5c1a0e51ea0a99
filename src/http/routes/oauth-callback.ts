import { z } from "zod";
import type { Page } from "../options.ts";

const Query = z.object({
  state: z.string().max(500).optional().catch(undefined),
  code: z.string().max(5000).optional().catch(undefined),
  error: z.string().max(500).optional().catch(undefined),
  error_description: z.string().max(2000).optional().catch(undefined),
});

/** A consent is worked off in a few requests to the source; a browser waits no longer than this. */
const WAIT_MS = 60_000;

/** Nobody comes back from consents this often: more of one address is guessing. */
const LIMITED = { config: { rateLimit: { max: 30, timeWindow: 60_000 } } };

const TITLES = {
  authorized: "Usher may now read your sites",
  declined: "You declined",
  "site-not-covered": "A site is missing from your consent",
  failed: "The consent could not be used",
  "state-refused": "This link cannot be used",
};

/** Where a browser comes back from a consent. It brings no token: the single-use state in its address is the proof. */
export const oauthCallbackPage: Page = (app, { services }) => {
  app.get("/oauth/callback", LIMITED, async (request, reply) => {
    const query = Query.parse(request.query);
    const { outcome, message } = await services.connect.finishAuthorization(
      {
        state: query.state ?? null,
        code: query.code ?? null,
        error: query.error ?? null,
        errorDescription: query.error_description ?? null,
      },
      AbortSignal.timeout(WAIT_MS),
    );
    const isDone = outcome === "authorized" || outcome === "declined" || outcome === "site-not-covered";
    return reply
      .status(isDone ? 200 : 400)
      .header("cache-control", "no-store")
      .header("referrer-policy", "no-referrer")
      .type("text/html; charset=utf-8")
      .send(renderPage(TITLES[outcome], message));
  });
};

function renderPage(title: string, message: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} - Usher</title>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(message)}</p>
<p>You may close this page and go back to Usher.</p>
</main>
</body>
</html>
`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
