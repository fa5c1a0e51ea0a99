import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleDashed } from "lucide-react";
import type { ReactNode } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Badge } from "../../parts/badge.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Section } from "../../parts/page.tsx";
import { Shown } from "../../parts/states.tsx";
import { useNow } from "../../parts/time.tsx";
import { localLink } from "../../shell/local-link.ts";
import type { Text } from "../../text/define.ts";
import { formatRelative } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type SiteSync = AnswerFor<"overview.sync">["sites"][number];
type Step = AnswerFor<"overview.setup-checklist">["steps"][number]["step"];

const READING_EVERY_MS = 3000;
const QUIET_EVERY_MS = 30_000;

/** How fresh each site is, and what is being read of it now. */
export function Sync(): ReactNode {
  const sync = useApi("overview.sync", {}, { everyMs: READING_EVERY_MS });
  return (
    <div className={classes["card"]}>
      <Section title={texts.sync}>
        <Shown query={sync} rows={2}>
          {({ sites }) => (
            <ul role="list" className={classes["needs"]}>
              {sites.map((site) => (
                <li key={site.siteId} className={classes["need"]}>
                  <Link to={"/connections/$id" as string} params={{ id: site.connectionId } as never}>
                    {site.site}
                  </Link>
                  <Freshness site={site} />
                </li>
              ))}
            </ul>
          )}
        </Shown>
      </Section>
    </div>
  );
}

function Freshness({ site: { run, lastSyncedAt, isStale } }: { site: SiteSync }): ReactNode {
  const now = useNow();
  if (run) {
    return (
      <Link to={"/runs/$id" as string} params={{ id: run.runId } as never}>
        {t(texts.reading, { done: run.listingsDone, of: run.listings, rows: run.rows })}
      </Link>
    );
  }
  if (!lastSyncedAt) return <Badge kind="neutral">{t(texts.never)}</Badge>;
  const when = formatRelative(lastSyncedAt, now);
  return <Badge kind={isStale ? "warn" : "ok"}>{t(isStale ? texts.stale : texts.fresh, { when })}</Badge>;
}

const STEPS: Readonly<Record<Step, Text>> = {
  connect: texts.stepConnect,
  publish: texts.stepPublish,
  "first-sync": texts.stepFirstSync,
  "confirm-groups": texts.stepConfirmGroups,
  "add-license": texts.stepAddLicense,
  "reclamation-rule": texts.stepReclamationRule,
  mail: texts.stepMail,
};

/** What is left of the set-up; gone once all is done. */
export function SetUp(): ReactNode {
  const checklist = useApi("overview.setup-checklist", {}, { everyMs: QUIET_EVERY_MS });
  if (!checklist.data || checklist.data.done === checklist.data.of) return null;
  const { done, of, steps } = checklist.data;
  return (
    <div className={classes["card"]}>
      <Section title={texts.setUp} titleValues={{ done, of }}>
        <ul role="list" className={classes["steps"]}>
          {steps.map(({ step, isDone, href }) => (
            <li key={step} data-done={isDone}>
              <Icon of={isDone ? CircleCheck : CircleDashed} />
              {isDone ? t(STEPS[step]) : <Link {...localLink(href)}>{t(STEPS[step])}</Link>}
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}
