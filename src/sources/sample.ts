import { isSampleAddress, SAMPLE_ORIGIN } from "../model/sample-company.ts";
import type { AtlassianHosts } from "./atlassian/hosts.ts";
import type { Source } from "./source.ts";

/** Where the sample company's simulator answers at the moment. */
export interface SampleHost {
  /** Without a slash at the end; null while it does not run. */
  url(): string | null;
}

/** Told by whoever runs the simulator. */
export function createSampleHost(): SampleHost & { set(url: string | null): void } {
  let current: string | null = null;
  return {
    url: () => current,
    set(url) {
      current = url;
    },
  };
}

/** Addresses that stay when the simulator is started again on another port. */
export const SAMPLE_HOSTS: AtlassianHosts = {
  authUrl: `${SAMPLE_ORIGIN}/auth`,
  apiUrl: `${SAMPLE_ORIGIN}/api`,
  siteUrl: (siteName) => `${SAMPLE_ORIGIN}/site/${siteName}`,
};

/** Sends what is meant for the sample's address to its simulator, and nothing anywhere else. */
export function fetchFromSample(host: SampleHost, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    const url = host.url();
    if (!isSampleAddress(address)) return Promise.reject(new TypeError(`${address} is not the sample company's.`));
    if (url === null) return Promise.reject(new TypeError("The sample company's simulator does not run."));
    return fetch(`${url}${address.slice(SAMPLE_ORIGIN.length)}`, init);
  };
}

/** One source for both: the sample's own addresses go to `sample`, and everything else to `real`. */
export function besideSample(real: Source, sample: Source): Source {
  const ofAddress = (address: string | null | undefined) => (address && isSampleAddress(address) ? sample : real);
  return {
    ...real,
    understandSite: (text) => ofAddress(text.trim()).understandSite(text),
    listSites: (credential, hint, signal) => ofAddress(hint?.baseUrl).listSites(credential, hint, signal),
    open: (access) => ofAddress(access.site.baseUrl).open(access),
  };
}
