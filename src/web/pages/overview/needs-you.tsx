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

const WORDS: Readonly<Record<Need["kind"], { says: Text; act: Text }>> = {
  "setup-unfinished": { says: texts.needSetup, act: texts.actSetUp },
  "needs-authorization": { says: texts.needAuthorization, act: texts.actReconnect },
  "run-held": { says: texts.needRunHeld, act: texts.actLook },
  "data-stale": { says: texts.needStale, act: texts.actLook },
  "rules-paused": { says: texts.needRulesPaused, act: texts.actDecide },
  "plans-paused": { says: texts.needPlansPaused, act: texts.actLook },
  "plans-to-approve": { says: texts.needPlansToApprove, act: texts.actReview },
  "plans-to-apply": { says: texts.needPlansToApply, act: texts.actApply },
  "candidates-deciding": { says: texts.needCandidatesDeciding, act: texts.actDecide },
  "candidates-ready": { says: texts.needCandidatesReady, act: texts.actPlan },
  "candidates-attention": { says: texts.needCandidatesAttention, act: texts.actLook },
  "capacity-reached": { says: texts.needCapacity, act: texts.actLook },
  "credential-expires": { says: texts.needCredential, act: texts.actRenew },
  "notice-near": { says: texts.needNotice, act: texts.actLook },
  "licenses-missing": { says: texts.needLicenses, act: texts.actLicense },
  "editions-unrecognized": { says: texts.needEditions, act: texts.actMatch },
  "accounts-unmatched": { says: texts.needAccounts, act: texts.actMatch },
  "exclusions-expiring": { says: texts.needExclusions, act: texts.actLook },
  "webhooks-disabled": { says: texts.needWebhooks, act: texts.actLook },
  "mail-waiting": { says: texts.needMail, act: texts.actLook },
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
  const { says, act } = WORDS[kind];
  return (
    <li className={classes["need"]} data-level={level}>
      <span>
        {t(says, values)}{" "}
        {params.since && (
          <span className={classes["muted"]}>
            <Time value={params.since} />
          </span>
        )}
      </span>
      <Link {...localLink(href)}>{t(act)}</Link>
    </li>
  );
}
