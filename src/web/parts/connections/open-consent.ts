import { callApi } from "../../api/call.ts";

/** Opens the consent page of an OAuth app in this window; it comes back to `returnTo`, a path of ours. */
export async function openConsent(connectionId: string, credentialId: string, returnTo: string): Promise<void> {
  const params = { connectionId };
  const { url } = await callApi("authorizations.start", { params, body: { credentialId, returnTo } });
  globalThis.location.assign(url);
}
