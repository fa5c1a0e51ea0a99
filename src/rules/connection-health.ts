import type { Capability, Credential, Health, Probe, Site } from "../model/connections.ts";
import { ALWAYS_ON } from "./connections.ts";

export interface SiteVerdict {
  /** The roster can be read: without it a site is of no use. */
  isUsable: boolean;
  /** Capabilities with at least one probe that failed. */
  failed: Capability[];
  health: Health;
  healthDetail: Site["healthDetail"];
}

/**
 * What the probes of one site say. A warning blocks nothing. One capability that fails degrades the site and leaves the
 * others alone; the roster is named first, as everything else rests on it.
 */
export function judgeSite(capabilities: readonly Capability[], probes: readonly Probe[]): SiteVerdict {
  const concerned = probes.filter((each) => capabilities.includes(each.capability));
  const failed = capabilities.filter((capability) =>
    concerned.some((each) => each.capability === capability && each.outcome === "failed"),
  );
  const isUsable = isProved(ALWAYS_ON, concerned);
  const worst = concerned.find((each) => each.outcome === "failed" && each.capability === (failed[0] ?? ALWAYS_ON));
  if (!worst) {
    if (isUsable) return { isUsable, failed, health: "connected", healthDetail: null };
    const reason = "Nothing showed that the roster can be read.";
    const healthDetail = { capability: ALWAYS_ON, reason, fix: "Check the connection again." };
    return { isUsable, failed, health: "not-connected", healthDetail };
  }
  const healthDetail = {
    capability: worst.capability,
    reason: `${worst.name}: ${worst.detail}`,
    fix: worst.fix ?? "Check the connection again.",
  };
  return { isUsable, failed, health: isUsable ? "degraded" : "not-connected", healthDetail };
}

/** A capability is proved when something of it passed (a warning counts) and nothing of it failed. */
export function isProved(capability: Capability, probes: readonly Probe[]): boolean {
  const own = probes.filter((each) => each.capability === capability);
  const isSeen = own.some((each) => each.outcome === "passed" || each.outcome === "warning");
  return isSeen && own.every((each) => each.outcome !== "failed");
}

/** Whoever has to make a new token should hear of it in time for their holidays. */
const WARN_AHEAD_MS = 30 * 86_400_000;

/** A warning for a credential that ends soon, or should have ended; null while there is time. */
export function judgeExpiry(credential: Pick<Credential, "label" | "expiresAt">, at: Date): Probe | null {
  const { label, expiresAt } = credential;
  if (expiresAt === null || expiresAt.getTime() - at.getTime() > WARN_AHEAD_MS) return null;
  const day = expiresAt.toISOString().slice(0, 10);
  return {
    name: "Credential expiry",
    capability: ALWAYS_ON,
    outcome: "warning",
    detail: expiresAt > at ? `"${label}" ends on ${day}.` : `"${label}" should have ended on ${day}.`,
    fix: "Enter a new one in time (usher connection rotate); the connection goes on meanwhile.",
    tookMs: 0,
    checkedAt: at,
  };
}
