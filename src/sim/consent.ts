import type { OAuthClient } from "./credentials.ts";
import { html, redirect, type Reply, type SimRequest, status } from "./http.ts";
import type { Simulation } from "./simulation.ts";
import { ADMIN, READER } from "./world/people.ts";

/** All seven are required (Atlassian, "OAuth 2.0 (3LO) apps"). */
const REQUIRED = ["audience", "client_id", "scope", "redirect_uri", "state", "response_type", "prompt"];

/** `GET /auth/authorize`: the page on which a person chooses sites and accepts. */
export function consentPage(sim: Simulation, request: SimRequest): Reply {
  const asked = readRequest(sim, request.query);
  if (!("client" in asked)) return asked;
  const { client, scopes } = asked;
  const hidden = [...request.query].map(
    ([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`,
  );
  const sites = sim.world.sites.map(
    (site, index) =>
      `<p><label><input type="checkbox" name="site" value="${site.cloudId}"${index === 0 ? " checked" : ""}> ${escape(site.title)} (${site.name})</label></p>`,
  );
  const people = [ADMIN, READER].map((index) => sim.world.people[index]).flatMap((each) => (each ? [each] : []));
  const accounts = people.map(
    (each) => `<option value="${each.index}">${escape(each.displayName)} (${escape(each.email ?? "")})</option>`,
  );
  const body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Grant access</title></head><body><main>
<h1>${escape(client.name)} is requesting access to your Atlassian account</h1>
<form method="post" action="${sim.url}/auth/authorize">
${hidden.join("\n")}
<p><label>Signed in as <select name="account">${accounts.join("")}</select></label></p>
<fieldset><legend>Use app on</legend>${sites.join("\n")}</fieldset>
<h2>It would like to</h2><ul>${scopes.map((each) => `<li>${escape(each)}</li>`).join("")}</ul>
<p><button type="submit" name="answer" value="accept">Accept</button> <button type="submit" name="answer" value="cancel">Cancel</button></p>
</form></main></body></html>`;
  return html(200, body);
}

/** `POST /auth/authorize`: the form above. */
export function answerConsent(sim: Simulation, request: SimRequest): Reply {
  const form = new URLSearchParams(request.body);
  const asked = readRequest(sim, form);
  if (!("client" in asked)) return asked;
  const { client, scopes, redirectUri } = asked;

  const target = new URL(redirectUri);
  target.searchParams.set("state", form.get("state") ?? "");
  if (form.get("answer") !== "accept") {
    target.searchParams.set("error", "access_denied");
    target.searchParams.set("error_description", "User did not authorize the request");
    return redirect(target.href);
  }
  const known = new Set(sim.world.sites.map((each) => each.cloudId));
  const cloudIds = form.getAll("site").filter((each) => known.has(each));
  const account = form.get("account") === String(READER) ? READER : ADMIN;
  target.searchParams.set("code", sim.oauth.consent(client, { account, cloudIds, scopes, redirectUri }));
  return redirect(target.href);
}

function readRequest(
  sim: Simulation,
  query: URLSearchParams,
): { client: OAuthClient; scopes: string[]; redirectUri: string } | Reply {
  const missing = REQUIRED.filter((each) => (query.get(each) ?? "") === "");
  if (missing.length > 0) return status(400, `Missing required parameter: ${missing.join(", ")}`);
  const client = sim.credentials.clients.find((each) => each.clientId === query.get("client_id"));
  if (!client) return html(401, errorPage("invalid_client", "The client is not known."));
  const redirectUri = query.get("redirect_uri") ?? "";
  if (!client.callbackUrls.includes(redirectUri)) {
    const why = `Callback URL mismatch. ${redirectUri} is not in the list of allowed callback URLs`;
    return redirect(`${sim.url}/auth/error?error=unauthorized_client&error_description=${encodeURIComponent(why)}`);
  }
  if (query.get("response_type") !== "code")
    return html(400, errorPage("unsupported_response_type", "Only code is supported."));
  const scopes = (query.get("scope") ?? "").split(/\s+/).filter((each) => each !== "");
  return { client, scopes, redirectUri };
}

/** id.atlassian.com/error, where a browser lands on a callback mismatch. */
export function errorPage(error: string, description: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Something went wrong</title></head><body><main>
<h1>Something went wrong</h1><p>${escape(error)}</p><p>${escape(description)}</p></main></body></html>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
