import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Context } from "../../commands/context.ts";
import type { LinkClaims } from "../../lib/signed-link.ts";
import type { ServerOptions } from "../options.ts";
import { draftOf } from "../problem.ts";
import { type Html, html, htmlPage, PAGE_HEADERS } from "./html.ts";
import { TEXTS } from "./texts.ts";

/** Somebody answers a handful of times; more of one address in a minute is guessing, or a scanner that went mad. */
const REQUESTS_PER_MINUTE = 60;
/** Three short fields. */
const FORM_BYTES_MAX = 16 * 1024;

/** What a page shows. */
export interface LinkPage {
  status?: number;
  title: string;
  body: Html;
}

/** A page behind a signed link: opening it shows, and only its form changes something. */
export interface LinkPageKind {
  purpose: string;
  show(claims: LinkClaims, options: ServerOptions): Promise<LinkPage>;
  /** Null: it was done, and the page is shown as it now is. */
  submit(claims: LinkClaims, form: URLSearchParams, options: ServerOptions): Promise<LinkPage | null>;
}

/**
 * Serves a kind of page at `/l/<purpose>/<signed claims>`. Programs that look at links in mails before people do send GET
 * or HEAD, which decide nothing.
 */
export function serveLinkPage(app: FastifyInstance, options: ServerOptions, kind: LinkPageKind): void {
  const config = { rateLimit: { max: REQUESTS_PER_MINUTE, timeWindow: 60_000 } };
  // The claims of a named decider are longer than a parameter may be; a wildcard may.
  const path = `/l/${kind.purpose}/*`;
  void app.register(async (pages) => {
    pages.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: FORM_BYTES_MAX },
      (_request, body, done) => done(null, new URLSearchParams(body.toString())),
    );
    pages.setErrorHandler((error, request, reply) => sendFailure(options, error, request, reply));

    pages.get(path, { config, exposeHeadRoute: true }, async (request, reply) => {
      const opened = open(kind.purpose, request, options);
      return send(reply, "page" in opened ? opened.page : await kind.show(opened.claims, options));
    });
    pages.post(path, { config }, async (request, reply) => {
      const opened = open(kind.purpose, request, options);
      if ("page" in opened) return send(reply, opened.page);
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const page = await kind.submit(opened.claims, form, options);
      // Shown by a GET of its own, so that reloading sends nothing again.
      if (page === null) return reply.headers(PAGE_HEADERS).redirect(request.url, 303);
      return send(reply, page);
    });
  });
}

function open(
  purpose: string,
  request: FastifyRequest,
  { services, clock }: ServerOptions,
): { claims: LinkClaims } | { page: LinkPage } {
  const { "*": token = "" } = request.params as { "*"?: string };
  const claims = services.links.open(purpose, token);
  if (!claims) return { page: refused(404, TEXTS.notALink) };
  if (claims.expiresAt <= clock.now()) return { page: refused(410, TEXTS.expired) };
  return { claims };
}

/** A page that only says why there is nothing to do. */
export function refused(status: number, { title, says }: { title: string; says: string }): LinkPage {
  return { status, title, body: html`<p>${says}</p>` };
}

function send(reply: FastifyReply, { status = 200, title, body }: LinkPage): FastifyReply {
  return reply.status(status).headers(PAGE_HEADERS).send(htmlPage(title, body));
}

function sendFailure(
  { log }: ServerOptions,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status, code } = draftOf(error);
  if (status >= 500) {
    const cause = error instanceof Error ? { error: error.message, stack: error.stack } : {};
    log.error({ requestId: request.id, code, ...cause }, "a page behind a link failed");
  }
  return send(reply, refused(status, status === 429 ? TEXTS.tooMany : TEXTS.failed));
}

/** Whoever holds the link is the actor: a person's id. */
export function contextOfLink({ db, clock, secrets }: ServerOptions, personId: string): Context {
  return { db, clock, secrets, actor: { operatorId: personId, through: "link" } };
}

/** A day as a form's date field has it, at its end in UTC; null of what is none. */
export function endOfDay(text: string | null): Date | null {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const day = new Date(`${text}T23:59:59Z`);
  return Number.isNaN(day.getTime()) || !day.toISOString().startsWith(text) ? null : day;
}

/** So many days from now, as a date field has it. */
export function dayText(now: Date, days: number): string {
  return new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** Longest reason that is kept, in characters. */
export const REASON_MAX = 500;

/** A field as text of a bounded length; PostgreSQL's text cannot hold U+0000. */
export function textField(form: URLSearchParams, name: string): string {
  return (form.get(name) ?? "").replaceAll("\u0000", "").trim().slice(0, REASON_MAX);
}
