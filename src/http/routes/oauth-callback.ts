import { z } from "zod";
import type { Page } from "../options.ts";
import { publicUrlOf } from "../public-url.ts";

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
    const { outcome, message, origin } = await services.connect.finishAuthorization(
      {
        state: query.state ?? null,
        code: query.code ?? null,
        error: query.error ?? null,
        errorDescription: query.error_description ?? null,
      },
      AbortSignal.timeout(WAIT_MS),
    );
    reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer");
    if (origin?.returnTo)
      return reply.redirect(publicUrlOf(services) + withOutcome(origin.returnTo, origin.attemptId, outcome), 303);
    const isDone = outcome === "authorized" || outcome === "declined" || outcome === "site-not-covered";
    return reply
      .status(isDone ? 200 : 400)
      .type("text/html; charset=utf-8")
      .send(renderPage(TITLES[outcome], message, origin?.consentLinkId ? LINK_END : END));
  });
};

const END = "You may close this page and go back to Usher.";
/** Whoever came by a link has no Usher to go back to. */
const LINK_END = "Whoever asked you sees how it went. You may close this page.";

/** The contract let only paths of this server through; what is added is ids and words of ours. */
function withOutcome(path: string, attemptId: string, outcome: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}authorization=${attemptId}&outcome=${outcome}`;
}

function renderPage(title: string, message: string, end: string): string {
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
<p>${escapeHtml(end)}</p>
</main>
</body>
</html>
`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
