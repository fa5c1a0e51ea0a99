import { requirementsOf, type CredentialRequirement } from "../../rules/credential-requirements.ts";
import { type ConsentLink, findConsentLink } from "../../store/consent-links.ts";
import { findConnection, type OwnedConnection } from "../../store/connections.ts";
import { findOperator } from "../../store/operators.ts";
import { listSitesOfConnection } from "../../store/sites.ts";
import { listWantedSites } from "../../store/wanted-sites.ts";
import type { Page, ServerOptions } from "../options.ts";
import { CONNECT_TEXTS as texts } from "./connect-texts.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { dayText, type LinkPage, type LinkPageKind, refused, serveLinkPage } from "./links.ts";
import { readSecret, type SecretFields, storeSecret } from "./store-secret.ts";
import { TEXTS } from "./texts.ts";

/** Where somebody who is no operator consents, or gives a token or key. */
export const connectPage: Page = (app, options) => serveLinkPage(app, options, connect);

const connect: LinkPageKind = {
  purpose: "connect",
  show: ({ subjectId }, options) => page(options, subjectId, null),

  async submit({ subjectId }, form, options) {
    const link = await findConsentLink(options.db, subjectId);
    if (link?.state !== "open") return page(options, subjectId, null, 409);
    if (link.kind === "oauth") return toConsent(options, link);
    const fields = readSecret(link.kind, form, options.clock.now());
    if (typeof fields === "string") return page(options, subjectId, texts.wrong[fields], 422);
    return send(options, link, fields);
  },
};

async function send(options: ServerOptions, link: ConsentLink, fields: SecretFields): Promise<LinkPage | null> {
  const stored = await storeSecret(options, link, fields);
  if (stored.ok) return null;
  const { code, detail } = stored.error;
  if (code === "link-ended") return page(options, link.id, texts.wrong.busy, 409);
  return page(options, link.id, texts.refused(detail), 422);
}

/** The consent lies with Atlassian, where a form of ours may not lead: a link does. */
async function toConsent({ services }: ServerOptions, link: ConsentLink): Promise<LinkPage> {
  const actor = { operatorId: link.createdBy, through: "link" } as const;
  const origin = { returnTo: null, consentLinkId: link.id };
  const { connectionId, credentialId } = link;
  const started = await services.connect.startAuthorization(actor, connectionId, credentialId ?? "", [], origin);
  if (!started.ok) return refused(409, { title: texts.title, says: started.error.detail });
  return {
    title: texts.title,
    body: html`<p>${texts.consentNext}</p>
      <p><a href="${started.value.url}" rel="noreferrer">${texts.consent.link}</a></p>
      <p class="note">${texts.callback}</p>`,
  };
}

async function page(options: ServerOptions, id: string, wrong: string | null, status = 200): Promise<LinkPage> {
  const { db, services, clock } = options;
  const link = await findConsentLink(db, id);
  if (!link) return refused(404, TEXTS.notALink);
  if (link.state === "used")
    return { status, title: texts.title, body: html`<p class="said" role="status">${texts.used}</p>` };
  if (link.state === "revoked") return refused(410, { title: texts.title, says: texts.revoked });
  const [connection, asker] = await Promise.all([
    findConnection(db, link.connectionId),
    findOperator(db, link.createdBy),
  ]);
  const needs = services.connect.sources().find((each) => each.kind === connection?.source)?.needs;
  if (!connection || connection.state === "archived" || !needs)
    return refused(410, { title: texts.title, says: texts.gone });
  const asked = requirementsOf(needs, connection.capabilities).find((each) => each.kind === link.kind);
  if (!asked) return refused(410, { title: texts.title, says: texts.gone });
  const stores = needs.filter((each) => asked.serves.includes(each.capability)).flatMap((each) => each.stores);
  const name = asker?.kind === "person" ? asker.name : "Whoever runs Usher at your company";
  const body = html`<p>${texts.asked(name, asked.label)}</p>
    <p>${texts.usher}</p>
    ${link.note === null ? NOTHING : html`<p class="said">${link.note}</p>`}
    ${listed(texts.sites, await sitesOf(options, connection))} ${whatItMay(asked)} ${listed(texts.stored, stores)}
    ${wrong === null ? NOTHING : html`<p class="wrong" role="alert">${wrong}</p>`}
    ${link.kind === "oauth" ? consentForm() : secretForm(link, asked, clock.now())}
    <p class="note">${texts.until(link.expiresAt)}</p>`;
  return { status, title: texts.title, body };
}

async function sitesOf({ db }: ServerOptions, connection: OwnedConnection): Promise<string[]> {
  const [sites, wanted] = await Promise.all([
    listSitesOfConnection(db, connection.id),
    listWantedSites(db, connection.id),
  ]);
  const names = [...sites.map((each) => `${each.name} (${each.baseUrl})`), ...wanted.map((each) => each.typed)];
  return names.length > 0 ? names : [connection.name];
}

/** The scopes in words; of what has none, the rights that its account has to have. */
function whatItMay({ scopes, roles }: CredentialRequirement): Html {
  const words = [...new Set(roles.map((each) => each.role))];
  if (scopes.length === 0) {
    return html`<h2>${texts.allows}</h2>
      <p>${texts.byAccount}</p>
      ${items(words)}`;
  }
  return html`<h2>${texts.allows}</h2>
    <ul>
      ${scopes.map(({ scope, says }) => html`<li>${says} <small>(${scope})</small></li>`)}
    </ul>
    ${listed(texts.role, words)}`;
}

function consentForm(): Html {
  return html`<form method="post"><button type="submit">${texts.consent.button}</button></form>`;
}

function secretForm({ kind }: ConsentLink, { where }: CredentialRequirement, now: Date): Html {
  const { fields } = texts;
  const isOfAccount = kind === "api-token" || kind === "scoped-api-token";
  return html`<form method="post" autocomplete="off">
    <h2>${texts.where}</h2>
    <p>${where}</p>
    ${
      isOfAccount
        ? html`<label for="email">${fields.email}</label>
            <input id="email" name="email" type="email" maxlength="254" required />`
        : NOTHING
    }
    <label for="token">${fields.token}</label>
    <input id="token" name="token" type="password" maxlength="4000" autocomplete="off" required />
    ${
      kind === "organization-key"
        ? html`<label for="organization">${fields.organization}</label>
            <input id="organization" name="organization" maxlength="36" />`
        : NOTHING
    }
    <label for="expires">${fields.expires}</label>
    <input id="expires" name="expires" type="date" min="${dayText(now, 1)}" />
    <p class="note">${texts.never}</p>
    <button type="submit">${fields.button}</button>
  </form>`;
}

function listed(title: string, words: readonly string[]): Html {
  return html`<h2>${title}</h2>
    ${items(words)}`;
}

function items(words: readonly string[]): Html {
  return html`<ul>
    ${words.map((each) => html`<li>${each}</li>`)}
  </ul>`;
}
