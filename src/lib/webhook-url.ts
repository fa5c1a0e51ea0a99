import { isIP } from "node:net";
import type { AddressPolicy } from "./address-policy.ts";

/** The host of an address as it resolves: IPv6 without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replaceAll(/^\[|\]$/g, "");
}

/** Why an address is not one that a webhook may have; null where it is. Names are looked at again when they are resolved. */
export function refuseWebhookUrl(url: URL, policy: AddressPolicy): string | null {
  const host = hostOf(url);
  if (url.protocol !== "https:" && url.protocol !== "http:") return "A webhook goes to an https address.";
  if (url.username !== "" || url.password !== "") {
    return "A user and password in the address are not used: the signature shows who sends it.";
  }
  if (url.protocol === "http:" && !policy.isAllowedHost(host)) {
    return "A webhook goes to an https address; plain http is for hosts that USHER_WEBHOOK_ALLOW names.";
  }
  const isLocalName = host === "localhost" || host.endsWith(".localhost");
  if (isLocalName && !policy.isAllowedHost(host)) return internalAddressWords(host);
  return isIP(host) && !policy.mayReach(host, host) ? internalAddressWords(host) : null;
}

export function internalAddressWords(host: string): string {
  return `${host} is an internal address. To allow it, name the host or its network in USHER_WEBHOOK_ALLOW.`;
}
