import { lookup } from "node:dns/promises";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import { Webhook } from "standardwebhooks";
import type { AddressPolicy } from "../../lib/address-policy.ts";
import { messageOf } from "../../lib/errors.ts";
import { hostOf, internalAddressWords, refuseWebhookUrl } from "../../lib/webhook-url.ts";
import type { SendOutcome } from "./mailer.ts";

export interface Delivery {
  /** Stays the same however often it is tried: whoever receives it twice can tell. */
  id: string;
  url: string;
  body: string;
  /** `whsec_…`; the first is the newest. Each signs, so that a secret can be rotated without a stop. */
  secrets: readonly string[];
  at: Date;
}

export interface WebhookPoster {
  /** Never throws: what went wrong is the outcome. */
  post(delivery: Delivery): Promise<SendOutcome>;
}

interface Address {
  address: string;
  family: number;
}

export interface PosterOptions {
  policy: AddressPolicy;
  /** How names become addresses; the system's resolver unless told otherwise. */
  resolve?(host: string): Promise<Address[]>;
  timeoutMs?: number;
}

/** Standard Webhooks, "Deliverability and reliability": 15 to 30 seconds. */
const TIMEOUT_MS = 15_000;

/**
 * Posts signed events by Standard Webhooks. A name is resolved once, every address of it is checked, and the connection
 * goes to one that was checked; redirects are not followed, as they would lead past that.
 */
export function createWebhookPoster({
  policy,
  resolve = resolveAll,
  timeoutMs = TIMEOUT_MS,
}: PosterOptions): WebhookPoster {
  return {
    async post(delivery) {
      const url = new URL(delivery.url);
      const host = hostOf(url);
      const refused = refuseWebhookUrl(url, policy);
      if (refused) return later(null, refused);
      try {
        const addresses = isIP(host) ? [{ address: host, family: isIP(host) }] : await resolve(host);
        const inner = addresses.find(({ address }) => !policy.mayReach(host, address));
        if (inner) return later(null, internalAddressWords(host));
        const [first] = addresses;
        if (!first) return later(null, `${host} has no address.`);
        return judge(await send(url, first, delivery, timeoutMs));
      } catch (error) {
        return later(null, wordsOf(error, host, timeoutMs));
      }
    },
  };
}

async function resolveAll(host: string): Promise<Address[]> {
  return lookup(host, { all: true });
}

interface Answer {
  status: number;
}

function send(url: URL, to: Address, { id, body, secrets, at }: Delivery, timeoutMs: number): Promise<Answer> {
  const bytes = Buffer.from(body, "utf8");
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, at, body));
  const headers = {
    "content-type": "application/json",
    "content-length": bytes.length,
    "user-agent": "Usher",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": signatures.join(" "),
  };
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: "POST",
      headers,
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      lookup: (_, options, answer) => (options.all ? answer(null, [to]) : answer(null, to.address, to.family)),
    });
    sent.on("error", reject);
    sent.on("response", (response) => {
      resolve({ status: response.statusCode ?? 0 });
      // What it says beside its status is not read: it could be endless.
      response.destroy();
    });
    sent.end(bytes);
  });
}

function judge({ status }: Answer): SendOutcome {
  if (status >= 200 && status < 300) return { outcome: "sent", statusCode: status, error: null };
  if (status === 410) return { outcome: "failed", statusCode: status, error: "It answered 410: it wants no more." };
  if (status >= 300 && status < 400) {
    return later(
      status,
      `It answered ${status}, a redirect, and redirects are not followed. Enter the address it leads to.`,
    );
  }
  return later(status, `It answered ${status}.`);
}

function later(statusCode: number | null, error: string): SendOutcome {
  return { outcome: "later", statusCode, error, isForAll: false };
}

function wordsOf(thrown: unknown, host: string, timeoutMs: number): string {
  const { code, name } = thrown as { code?: string; name?: string };
  if (name === "TimeoutError" || name === "AbortError" || code === "ABORT_ERR") {
    return `${host} did not answer within ${timeoutMs / 1000} seconds.`;
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `There is no address for ${host}.`;
  const message = messageOf(thrown);
  if (/certificate|self.signed|CERT_|altnames/i.test(`${message} ${code}`)) {
    return `${host} showed a certificate that this machine does not trust (${message}).`;
  }
  return `${host} cannot be reached (${message}).`;
}
