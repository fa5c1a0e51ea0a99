import { messageOf } from "../lib/errors.ts";
import type { SimRequest } from "./http.ts";
import { fraction } from "./random.ts";

/**
 * What can go wrong. The first group needs nothing but the request; the second changes an answer that was made; the
 * third is a state of the pretend world that endpoints ask for.
 */
export const FAULT_KINDS = [
  "status",
  "latency",
  "drop-before",
  "reset-before",
  "hang-before",
  "html",
  "login-redirect",
  "expire-token",
  "revoke-refresh-tokens",
  "ip-allowlist",
  "scope-missing",
  "bad-token",
  "bad-cursor",
  "no-site-access",
  "change-before",
  "change-after",
  "drop-after",
  "reset-after",
  "hang-after",
  "status-after",
  "truncate-json",
  "endless-cursor",
  "foreign-next",
  "empty-page-with-next",
  "empty-page",
  "size-lies",
  "weaker-credential",
  "user-search-cap",
  "roles-404",
  "space-role-mode-404",
  "forbidden-as-500",
  "no-last-active",
  "missing-email",
  "page-cap",
  "websudo",
  "anonymous-as-null",
  "rpc-envelope",
  "stale-index",
  "rate-limited",
  "late-effect",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Those that last until they are taken away, unless `times` says otherwise. */
const LASTING: readonly FaultKind[] = [
  "latency",
  "ip-allowlist",
  "scope-missing",
  "no-site-access",
  "endless-cursor",
  "size-lies",
  "weaker-credential",
  "user-search-cap",
  "roles-404",
  "space-role-mode-404",
  "forbidden-as-500",
  "no-last-active",
  "missing-email",
  "page-cap",
  "websudo",
  "anonymous-as-null",
  "rpc-envelope",
  "stale-index",
  "late-effect",
];

/** One line of a fault schedule. Every condition given must hold; `nth` counts the requests that meet them. */
export interface FaultRule {
  kind: FaultKind;
  id?: string;
  method?: string;
  /** Regular expression over the path as Atlassian names it: `/wiki/rest/api/group$`, `/admin/v2/orgs/`. */
  path?: string;
  /** Regular expressions over query parameters; `""` matches an absent one too. */
  query?: Record<string, string>;
  /** Name of the site, `acme`, or of the instance, `wiki`. */
  site?: string;
  /** Kind of the credential: `oauth`, `classic-token`, `personal-access-token`, … */
  credential?: string;
  /** The first request it concerns, from 1. */
  nth?: number;
  /** How many requests it concerns from there on; 1 unless the kind is lasting or there is a share. */
  times?: number;
  /** Of the requests that it concerns, the part that it strikes: 0.2 is every fifth, spread by the rule's own dice. */
  share?: number;
  /** For `status` and, once the change was made, `status-after` (500); with `headers` and `body`. For `rate-limited` (429),
   * with `headers`. */
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Milliseconds. `latency`: of waiting before the answer; `hang-…`: of silence before the connection ends (120,000);
   * `late-effect`: of the pretend world until reads show the change (30,000). */
  ms?: number;
  /** For `weaker-credential`: every so-manieth space is hidden (2). For `user-search-cap`: rows (10,000). For `page-cap`:
   * rows of a page (200). For `stale-index`: every so-manieth user is missing (5). */
  amount?: number;
  /** For `change-before` and `change-after`: changes as `POST /__sim/change` takes them. */
  changes?: unknown[];
}

export interface FaultContext {
  site: string | null;
  credential: string | null;
}

export interface Faults {
  /** The rules that concern this request; each call counts it. */
  match(request: SimRequest, context: FaultContext): FaultRule[];
  replace(rules: readonly FaultRule[]): void;
  add(rules: readonly FaultRule[]): void;
  /** Rules with how often each was met and how often it struck. */
  report(): (FaultRule & { met: number; struck: number })[];
}

interface ArmedRule {
  rule: FaultRule;
  path: RegExp | null;
  query: [name: string, pattern: RegExp][];
  met: number;
  struck: number;
}

export function createFaults(rules: readonly FaultRule[]): Faults {
  let armed = rules.map(arm);
  return {
    match(request, context) {
      if (armed.length === 0) return NOTHING;
      return armed.filter((each) => concerns(each, request, context) && strikes(each)).map((each) => each.rule);
    },
    replace(rules) {
      armed = rules.map(arm);
    },
    add(rules) {
      armed = [...armed, ...rules.map(arm)];
    },
    report: () => armed.map(({ rule, met, struck }) => ({ ...rule, met, struck })),
  };
}

const NOTHING: FaultRule[] = [];

/** Checks a schedule from outside; throws with what is wrong in words. */
export function parseFaultRules(value: unknown): FaultRule[] {
  if (!Array.isArray(value)) throw new Error("A fault schedule is a list of rules.");
  return value.map((each: unknown, index) => {
    if (typeof each !== "object" || each === null) throw new Error(`Rule ${index + 1} is not an object.`);
    const kind = FAULT_KINDS.find((known) => known === Reflect.get(each, "kind"));
    if (!kind) throw new Error(`Rule ${index + 1}: kind must be one of ${FAULT_KINDS.join(", ")}.`);
    const rule: FaultRule = { ...each, kind };
    try {
      arm(rule);
      if (rule.share !== undefined && !(rule.share >= 0 && rule.share <= 1))
        throw new Error("share must be from 0 to 1.");
    } catch (error) {
      throw new Error(`Rule ${index + 1}: ${messageOf(error)}`, { cause: error });
    }
    return rule;
  });
}

function arm(rule: FaultRule): ArmedRule {
  return {
    rule,
    path: rule.path === undefined ? null : new RegExp(rule.path),
    query: Object.entries(rule.query ?? {}).map(([name, pattern]) => [name, new RegExp(`^(?:${pattern})$`)]),
    met: 0,
    struck: 0,
  };
}

function concerns({ rule, path, query }: ArmedRule, request: SimRequest, context: FaultContext): boolean {
  if (rule.method !== undefined && rule.method !== request.method) return false;
  if (rule.site !== undefined && rule.site !== context.site) return false;
  if (rule.credential !== undefined && rule.credential !== context.credential) return false;
  if (path && !path.test(request.path)) return false;
  return query.every(([name, pattern]) => pattern.test(request.query.get(name) ?? ""));
}

/** Any number: the same requests are struck in every run. */
const SHARE_SEED = 29;

function strikes(armed: ArmedRule): boolean {
  armed.met += 1;
  const { kind, share, nth = 1 } = armed.rule;
  const lasts = share !== undefined || LASTING.includes(kind);
  const { times = lasts ? Number.POSITIVE_INFINITY : 1 } = armed.rule;
  const isConcerned = armed.met >= nth && armed.met < nth + times;
  const isStruck = isConcerned && (share === undefined || fraction(SHARE_SEED, armed.met) < share);
  if (isStruck) armed.struck += 1;
  return isStruck;
}
