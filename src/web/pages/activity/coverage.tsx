import type { ReactNode } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Banner } from "../../parts/states.tsx";
import type { Text } from "../../text/define.ts";
import { formatDay } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { SOURCES } from "./columns.tsx";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Site = AnswerFor<"overview.get">["sites"][number];
type Kind = Site["evidence"][number]["kind"];

const KINDS: Readonly<Record<Kind, Text>> = {
  contributed: texts.kindContributed,
  viewed: texts.kindViewed,
  administered: texts.kindAdministered,
  authenticated: texts.kindAuthenticated,
};

/** What a reader would miss without being told. Nobody expects sign-ins here. */
const EXPECTED: readonly Kind[] = ["contributed", "viewed", "administered"];

const ACTIVITY_KINDS = ["content-activity", "audit-activity", "organization-accounts"];

/** Of each site what is seen and since when, what is not, and what the last run was refused. */
export function Coverage(): ReactNode {
  const overview = useApi("overview.get");
  const sites = overview.data?.sites ?? [];
  if (sites.length === 0) return null;
  const refused = sites.flatMap(({ siteId, site, notSeen }) =>
    notSeen.filter(({ kind }) => ACTIVITY_KINDS.includes(kind)).map((each) => ({ ...each, siteId, site })),
  );
  return (
    <section className={classes["coverage"]} aria-label={t(texts.coverage)}>
      {refused.map(({ siteId, site, kind, because, fix }) => (
        <Banner key={`${siteId}/${kind}`} kind="warn">
          {t(texts.couldNot, { site, because: because ?? "", fix: fix ?? "" })}
        </Banner>
      ))}
      <details>
        <summary>{t(texts.coverage)}</summary>
        <ul>
          {sites.map((each) => (
            <li key={each.siteId}>{wordsOf(each)}</li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function wordsOf({ site, evidence }: Site): string {
  const parts = evidence.map(({ kind, source, knownSince }) => {
    const values = { what: t(KINDS[kind]), source: t(SOURCES[source]) };
    return knownSince === null
      ? t(texts.seenAlways, values)
      : t(texts.seenSince, { ...values, day: formatDay(knownSince) });
  });
  const seen = parts.length > 0 ? listOf(parts) : t(texts.coverageNothing);
  const missing = EXPECTED.filter((kind) => !evidence.some((each) => each.kind === kind)).map((kind) => t(KINDS[kind]));
  return missing.length === 0
    ? t(texts.coverageSite, { site, seen })
    : t(texts.coverageSiteNot, { site, seen, missing: listOf(missing) });
}

function listOf(words: readonly string[]): string {
  return new Intl.ListFormat("en").format(words);
}
