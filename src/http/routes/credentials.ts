import * as api from "../../api/credentials.ts";
import type { BodyOf } from "../../api/contract.ts";
import { addCredential, type NewCredential } from "../../commands/connections/add-credential.ts";
import { removeCredential } from "../../commands/connections/remove-credential.ts";
import { rotateCredential } from "../../commands/connections/rotate-credential.ts";
import { ok, refuse } from "../../lib/result.ts";
import { isInService, refuseCredentialKind } from "../../rules/connections.ts";
import { findConnection } from "../../store/connections.ts";
import { listCredentials } from "../../store/credentials.ts";
import { handle } from "../route.ts";

export const credentialHandlers = [
  handle(api.addCredential, async ({ ctx, params, body, reader, services, signal }) => {
    const { connectionId } = params;
    const connection = await findConnection(reader, connectionId);
    if (!connection) return refuse("no-such-connection");
    const entered = enteredOf(body);
    const { kind, accountEmail, username, organizationId, directoryId = null, secret } = entered;
    // Before it is tried: a secret of another product is shown to nobody.
    const wrongKind = refuseCredentialKind(connection.source, kind);
    if (wrongKind) return refuse(wrongKind);
    if (kind === "oauth" || !isInService(connection.state)) return addCredential(ctx, connectionId, entered, null);
    const proof = await services.connect.proveSecret(
      connectionId,
      { kind, accountEmail, username, organizationId, directoryId, secret },
      signal,
    );
    return proof.ok ? addCredential(ctx, connectionId, entered, proof.value) : proof;
  }),

  handle(api.rotateCredential, async ({ ctx, params, body, reader, services, signal }) => {
    const { connectionId, credentialId } = params;
    const credential = (await listCredentials(reader, connectionId)).find((each) => each.id === credentialId);
    if (!credential) return refuse("no-such-credential");
    const { kind, organizationId, directoryId } = credential;
    // The contract takes exactly one of the two.
    const secret = body.secret ?? body.password ?? "";
    if (kind === "oauth") {
      const rotated = await services.connect.rotateClientSecret(ctx.actor, credentialId, secret);
      return rotated.ok ? ok(credential) : rotated;
    }
    const { expiresAt } = body;
    const accountEmail = body.accountEmail ?? credential.accountEmail;
    const username = body.username ?? credential.username;
    const proof = await services.connect.proveSecret(
      connectionId,
      { kind, accountEmail, username, organizationId, directoryId, secret },
      signal,
    );
    if (!proof.ok) return proof;
    const entered = { secret, accountEmail, username, expiresAt };
    const rotated = await rotateCredential(ctx, connectionId, credentialId, entered, proof.value);
    if (rotated.ok) services.connect.forget(credentialId);
    return rotated;
  }),

  handle(api.removeCredential, async ({ ctx, params, services }) => {
    const removed = await removeCredential(ctx, params.connectionId, params.credentialId);
    if (removed.ok) services.connect.forget(params.credentialId);
    return removed;
  }),
];

const LABELS = {
  oauth: "OAuth app",
  "api-token": "API token",
  "scoped-api-token": "Scoped API token",
  "organization-key": "Organization API key",
  "scim-key": "SCIM directory key",
  "personal-access-token": "Personal access token",
  basic: "User name and password",
};

/** The forms of the contract as the one that the command takes. */
export function enteredOf(body: BodyOf<typeof api.addCredential>): NewCredential {
  const label = body.label ?? LABELS[body.kind];
  const none = { accountEmail: null, username: null, clientId: null, askedScopes: null, organizationId: null };
  switch (body.kind) {
    case "oauth": {
      const { kind, clientId, clientSecret, askedScopes } = body;
      return { ...none, kind, label, clientId, secret: clientSecret, askedScopes, expiresAt: null };
    }
    case "organization-key": {
      const { kind, key, organizationId, expiresAt } = body;
      return { ...none, kind, label, secret: key, organizationId, expiresAt };
    }
    case "scim-key": {
      const { kind, key, directoryId, expiresAt } = body;
      return { ...none, kind, label, secret: key, directoryId, expiresAt };
    }
    case "personal-access-token": {
      const { kind, token, expiresAt } = body;
      return { ...none, kind, label, secret: token, expiresAt };
    }
    case "basic": {
      const { kind, username, password, expiresAt } = body;
      return { ...none, kind, label, username, secret: password, expiresAt };
    }
    case "api-token":
    case "scoped-api-token": {
      const { kind, accountEmail, token, expiresAt } = body;
      return { ...none, kind, label, accountEmail, secret: token, expiresAt };
    }
  }
}
