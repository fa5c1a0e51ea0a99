import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import OidcProvider, { type Configuration } from "oidc-provider";

/** What the provider says of one of its users. */
export interface OidcUser {
  email?: string;
  email_verified?: boolean;
  name?: string;
  groups?: string[];
}

/** A real provider of OpenID Connect on loopback, which lets `current` in without asking. */
export interface OidcServer {
  issuer: string;
  /** Users by subject. */
  users: Map<string, OidcUser>;
  /** Who sits at the browser. */
  signedInAs(subject: string): void;
  /** Follows the provider's redirects, as a browser does, until one leads away from it. */
  follow(url: string): Promise<string>;
  close(): Promise<void>;
}

export const OIDC_CLIENT = { id: "usher", secret: "a secret of the provider" };

export async function startOidcServer(publicUrl: string): Promise<OidcServer> {
  const users = new Map<string, OidcUser>();
  let current = "";
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new OidcProvider(issuer, configurationOf(publicUrl, users));
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return void answer(request, response);
    void provider.interactionFinished(request, response, { login: { accountId: current } });
  });
  let jar = new Map<string, string>();

  return {
    issuer,
    users,
    signedInAs(subject) {
      current = subject;
      jar = new Map();
    },
    async follow(url) {
      for (let next = url, hop = 0; hop < 10; hop += 1) {
        if (!next.startsWith(issuer)) return next;
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
        const response = await fetch(next, { redirect: "manual", headers: { cookie } });
        for (const each of response.headers.getSetCookie()) keep(jar, each);
        const location = response.headers.get("location");
        if (location === null) throw new Error(`${next} answered ${response.status}: ${await response.text()}`);
        next = new URL(location, next).href;
      }
      throw new Error("The provider's redirects did not end.");
    },
    close: () => closeServer(server),
  };
}

function configurationOf(publicUrl: string, users: ReadonlyMap<string, OidcUser>): Configuration {
  return {
    clients: [
      {
        client_id: OIDC_CLIENT.id,
        client_secret: OIDC_CLIENT.secret,
        redirect_uris: [`${publicUrl}/sign-in/sso/callback`],
        post_logout_redirect_uris: [`${publicUrl}/sign-in`],
      },
    ],
    cookies: { keys: ["not a secret: it signs the cookies of a test"] },
    scopes: ["openid", "email", "profile", "groups"],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, subject) => ({
      accountId: subject,
      claims: () => ({ sub: subject, ...users.get(subject) }),
    }),
    // Nobody is asked for consent: what this provider grants is not what is tested.
    async loadExistingGrant({ oidc }) {
      const { client, session } = oidc;
      const grant = new oidc.provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
      grant.addOIDCScope("openid email profile groups");
      await grant.save();
      return grant;
    },
  };
}

function keep(jar: Map<string, string>, setCookie: string): void {
  const [pair = ""] = setCookie.split(";");
  const at = pair.indexOf("=");
  if (pair.length === at + 1) jar.delete(pair.slice(0, at));
  else jar.set(pair.slice(0, at), pair.slice(at + 1));
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
