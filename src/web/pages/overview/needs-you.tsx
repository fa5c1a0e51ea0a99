import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Section } from "../../parts/page.tsx";
import { Shown } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { localLink } from "../../shell/local-link.ts";
import type { Text } from "../../text/define.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Need = AnswerFor<"overview.needs-you">["items"][number];

const WORDS: Readonly<Record<Need["kind"], Text>> = {
  "setup-unfinished": texts.needSetup,
  "needs-authorization": texts.needAuthorization,
  "run-held": texts.needRunHeld,
  "data-stale": texts.needStale,
  "rules-paused": texts.needRulesPaused,
  "plans-paused": texts.needPlansPaused,
  "plans-to-approve": texts.needPlansToApprove,
  "plans-to-apply": texts.needPlansToApply,
  "candidates-deciding": texts.needCandidatesDeciding,
  "candidates-ready": texts.needCandidatesReady,
  "candidates-attention": texts.needCandidatesAttention,
  "capacity-reached": texts.needCapacity,
  "credential-expires": texts.needCredential,
  "notice-near": texts.needNotice,
  "licenses-missing": texts.needLicenses,
  "editions-unrecognized": texts.needEditions,
  "accounts-unmatched": texts.needAccounts,
  "exclusions-expiring": texts.needExclusions,
  "webhooks-disabled": texts.needWebhooks,
  "mail-waiting": texts.needMail,
};

const NEEDS_EVERY_MS = 60_000;

/** What waits for whoever looks, most urgent first; each with where it is done. */
export function NeedsYou(): ReactNode {
  const needs = useApi("overview.needs-you", {}, { everyMs: NEEDS_EVERY_MS });
  return (
    <div className={classes["card"]}>
      <Section title={texts.needsYou}>
        <Shown query={needs} rows={4}>
          {({ items }) =>
            items.length === 0 ? (
              <p className={classes["muted"]}>{t(texts.nothingNeeded)}</p>
            ) : (
              <ul role="list" className={classes["needs"]}>
                {items.map((need) => (
                  <NeedRow key={need.kind} need={need} />
                ))}
              </ul>
            )
          }
        </Shown>
      </Section>
    </div>
  );
}

function NeedRow({ need: { kind, level, count, params, href } }: { need: Need }): ReactNode {
  const values = { count, name: params.name ?? "", done: params.done ?? 0, of: params.of ?? 0 };
  return (
    <li className={classes["need"]} data-level={level}>
      <span>
        {t(WORDS[kind], values)}{" "}
        {params.since && (
          <span className={classes["muted"]}>
            <Time value={params.since} />
          </span>
        )}
      </span>
      <Link {...localLink(href)}>{t(texts.acts, { kind })}</Link>
    </li>
  );
}
