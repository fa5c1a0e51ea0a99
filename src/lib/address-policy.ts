import { BlockList, isIP } from "node:net";

/** Which addresses a request that somebody else named the target of may go to. */
export interface AddressPolicy {
  /** Whether the host itself was allowed by name or address, so that it may also be internal and without TLS. */
  isAllowedHost(host: string): boolean;
  /** Whether a request to `host` may connect to this address, which it resolved to. */
  mayReach(host: string, address: string): boolean;
}

/** IANA, "IPv4 Special-Purpose Address Registry": everything that is not reachable from everywhere. */
const INTERNAL_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
/** IANA gives global unicast addresses from 2000::/3 only; within it these are for special purposes. */
const PUBLIC_V6 = "2000::/3";
const INTERNAL_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const internalV4 = listOf(INTERNAL_V4);
const publicV6 = listOf([PUBLIC_V6]);
const internalV6 = listOf(INTERNAL_V6);

/** `allow` holds host names, addresses and networks (`10.1.0.0/16`) that may be reached although they are internal. */
export function createAddressPolicy(allow: readonly string[]): AddressPolicy {
  const names = new Set(allow.filter((each) => !isNetwork(each)).map((each) => each.toLowerCase()));
  const networks = listOf(allow.filter(isNetwork));
  const isAllowedAddress = (address: string) => isIn(networks, address);
  const isAllowedHost = (host: string) => names.has(host.toLowerCase()) || isAllowedAddress(host);
  return {
    isAllowedHost,
    mayReach: (host, address) => isPublicAddress(address) || isAllowedHost(host) || isAllowedAddress(address),
  };
}

export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !isIn(internalV4, address);
  // Addresses that carry one of IPv4 within them (mapped, NAT64) lie outside, and 6to4 is taken out.
  return isIP(address) === 6 && isIn(publicV6, address) && !isIn(internalV6, address);
}

function isNetwork(text: string): boolean {
  return isIP(text.split("/")[0] ?? "") !== 0;
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

function isIn(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 6 ? "ipv6" : "ipv4");
}
