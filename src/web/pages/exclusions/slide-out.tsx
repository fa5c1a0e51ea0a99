import { Link, useNavigate, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useApi } from "../../api/query.ts";
import { Status } from "../../parts/badge.tsx";
import { Id } from "../../parts/copy.tsx";
import { Section } from "../../parts/page.tsx";
import { SlideOut } from "../../parts/slide-out.tsx";
import { Shown } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { useMay } from "../../shell/session.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { t } from "../../text/t.ts";
import { Acts } from "./acts.tsx";
import type { Exclusion } from "./conditions.ts";
import { ExclusionState, KIND_WORDS, sayEffects } from "./kinds.tsx";
import { kindOf } from "./conditions.ts";
import classes from "./page.module.css";
import { actTexts as texts, previewTexts, texts as words } from "./texts.ts";

const HITS_SHOWN = 50;

/** The exclusion that the address opens: what it says, whom it catches now, and what can be done about it. */
export function ExclusionSlideOut(): ReactNode {
  const { state, change } = useUrlState();
  const { ruleId } = useParams({ strict: false });
  const navigate = useNavigate();
  const opened = state["open"] ?? ruleId ?? "";
  const query = useApi("exclusion-rules.get", { params: { ruleId: opened } }, { enabled: opened !== "" });
  const rule = query.data?.id === opened ? query.data : undefined;
  return (
    <SlideOut
      isOpen={opened !== ""}
      title={rule?.name ?? ""}
      about={opened !== "" && <Id id={opened} />}
      onClose={() => (ruleId ? void navigate({ to: "/exclusions" as string }) : change({ open: null }))}
    >
      <Shown query={{ ...query, data: rule }}>{(found) => <Content rule={found} />}</Shown>
    </SlideOut>
  );
}

function Content({ rule }: { rule: Exclusion }): ReactNode {
  const may = useMay();
  return (
    <div className={classes["inner"]}>
      {may("exclusions:write") && rule.state !== "ended" && <Acts rule={rule} />}
      <Facts rule={rule} />
      <Section title={texts.caught}>
        <Hits rule={rule} />
      </Section>
    </div>
  );
}

function Facts({ rule }: { rule: Exclusion }): ReactNode {
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t(words.state), <ExclusionState key="state" of={rule.state} />],
    [t(words.kind), t(KIND_WORDS[kindOf(rule)])],
    [t(words.from), sayEffects(rule.effects)],
    [t(words.reason), rule.reason],
    ...(rule.offReason ? [[t(texts.offReason), rule.offReason] as const] : []),
    [t(words.by), rule.builtIn ? t(words.withUsher) : (rule.owner ?? "")],
    [t(words.until), rule.expiresAt ? <Time key="until" value={rule.expiresAt} as="day" /> : t(words.noEnd)],
    [t(texts.createdAt), <Time key="made" value={rule.createdAt} />],
    [t(texts.updatedAt), <Time key="changed" value={rule.updatedAt} />],
    ...(rule.condition
      ? [[t(texts.condition), <pre key="condition">{JSON.stringify(rule.condition, null, 1)}</pre>] as const]
      : []),
  ];
  return (
    <dl className={classes["facts"]}>
      {facts.map(([name, value]) => (
        <Fact key={name} name={name}>
          {value}
        </Fact>
      ))}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Hits({ rule }: { rule: Exclusion }): ReactNode {
  const hits = useApi("exclusion-rules.hits", { params: { ruleId: rule.id }, query: { limit: HITS_SHOWN } });
  return (
    <Shown query={hits} rows={3}>
      {({ items }) =>
        items.length === 0 ? (
          <p>{t(texts.nobody)}</p>
        ) : (
          <ul role="list" className={classes["caught"]}>
            {items.map((hit) => (
              <li key={hit.accountId}>
                <Link to={"/people" as string} search={{ open: hit.personId, q: hit.name } as never}>
                  {hit.name}
                </Link>
                <span className={classes["muted"]}>{hit.site}</span>
                {hit.status && <Status of={hit.status} />}
              </li>
            ))}
            {rule.hits > items.length && (
              <li className={classes["muted"]}>{t(previewTexts.more, { count: rule.hits - items.length })}</li>
            )}
          </ul>
        )
      }
    </Shown>
  );
}
