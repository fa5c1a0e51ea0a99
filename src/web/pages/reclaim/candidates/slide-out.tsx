import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AnswerFor } from "../../../api/call.ts";
import { useApi } from "../../../api/query.ts";
import { Id } from "../../../parts/copy.tsx";
import { Section } from "../../../parts/page.tsx";
import { SlideOut } from "../../../parts/slide-out.tsx";
import { Banner, Shown } from "../../../parts/states.tsx";
import { Time } from "../../../parts/time.tsx";
import { useMay } from "../../../shell/session.tsx";
import { useUrlState } from "../../../shell/url-state.ts";
import { formatMoney, NONE } from "../../../text/format.ts";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { DecideButtons } from "./decide.tsx";
import { StateBadge } from "./state-badge.tsx";
import { EXACT_WORDS, sayAnswer, sayProof, sayReason } from "./states.ts";
import { detailTexts as texts, texts as words } from "./texts.ts";

type Detail = AnswerFor<"candidates.get">;

const REFRESH_MS = 10_000;

/** The candidate that the address opens: what was seen, who said what, and what can be decided. */
export function CandidateSlideOut(): ReactNode {
  const { state, change } = useUrlState();
  const candidateId = state["open"] ?? "";
  const query = useApi(
    "candidates.get",
    { params: { candidateId } },
    { enabled: candidateId !== "", everyMs: REFRESH_MS },
  );
  const found = query.data?.candidateId === candidateId ? query.data : undefined;
  return (
    <SlideOut
      isOpen={candidateId !== ""}
      title={found?.name ?? ""}
      about={candidateId !== "" && <Id id={candidateId} />}
      onClose={() => change({ open: null })}
    >
      <Shown query={{ ...query, data: found }}>{(candidate) => <Content candidate={candidate} />}</Shown>
    </SlideOut>
  );
}

function Content({ candidate }: { candidate: Detail }): ReactNode {
  const may = useMay();
  return (
    <div className={classes["inner"]}>
      <div className={classes["row"]}>
        <StateBadge of={candidate.state} />
        {may("reclamation:write") && <DecideButtons candidates={[candidate]} />}
      </div>
      <Hindrances candidate={candidate} />
      <Section title={texts.about}>
        <Facts candidate={candidate} />
      </Section>
      <Section title={texts.history}>
        <Steps steps={candidate.steps} />
      </Section>
      <Section title={texts.evidence}>
        <EvidenceOf step={candidate.steps.at(-1)} />
      </Section>
      {may("notifications:read") && (
        <Section title={texts.messages}>
          <Messages candidateId={candidate.candidateId} />
        </Section>
      )}
    </div>
  );
}

function Hindrances({ candidate: { waits, attention } }: { candidate: Detail }): ReactNode {
  return (
    <>
      {attention && (
        <Banner kind="danger">
          <p>{t(texts.attention, { why: attention.message })}</p>
          {attention.fix && <p>{t(texts.fix, { fix: attention.fix })}</p>}
        </Banner>
      )}
      {waits && (
        <Banner kind="warn">
          <p>{t(texts.waits, { why: waits.message })}</p>
          {waits.fix && <p>{t(texts.fix, { fix: waits.fix })}</p>}
        </Banner>
      )}
    </>
  );
}

function Facts({ candidate }: { candidate: Detail }): ReactNode {
  const { savesMinor, savesCurrency } = candidate;
  return (
    <dl className={classes["facts"]}>
      <dt>{t(words.person)}</dt>
      <dd>
        <Link to={"/people/$personId" as string} params={{ personId: candidate.personId } as never}>
          {candidate.name}
        </Link>{" "}
        {candidate.email ?? ""}
      </dd>
      <dt>{t(words.site)}</dt>
      <dd>{candidate.site}</dd>
      <dt>{t(words.reason)}</dt>
      <dd>{sayReason(candidate)}</dd>
      <dt>{t(words.proof)}</dt>
      <dd>{sayProof(candidate)}</dd>
      <dt>{t(words.saves)}</dt>
      <dd>
        {savesMinor === null || savesCurrency === null ? NONE : formatMoney(savesMinor, savesCurrency)}{" "}
        {candidate.savesFrom && <Time value={candidate.savesFrom} as="day" />}
      </dd>
      <dt>{t(words.rule)}</dt>
      <dd>{candidate.rule ?? t(texts.proposedBy)}</dd>
      <dt>{t(words.asked)}</dt>
      <dd>
        <Time value={candidate.askedAt} />
      </dd>
      <dt>{t(words.answer)}</dt>
      <dd>{sayAnswer(candidate)}</dd>
      <dt>{t(words.due)}</dt>
      <dd>
        <Time value={candidate.dueAt} />
      </dd>
      <dt>{t(texts.decider)}</dt>
      <dd>{candidate.deciderEmail ?? (candidate.deciderPerson ? t(texts.manager) : NONE)}</dd>
      <dt>{t(texts.scheduledFor)}</dt>
      <dd>
        <Time value={candidate.scheduledFor} />{" "}
        {candidate.planId && (
          <Link to={"/reclaim/plans/$planId" as string} params={{ planId: candidate.planId } as never}>
            {t(texts.showPlan)}
          </Link>
        )}
      </dd>
      <dt>{t(texts.keptUntil)}</dt>
      <dd>
        <Time value={candidate.keptUntil} as="day" />
      </dd>
    </dl>
  );
}

function Steps({ steps }: { steps: Detail["steps"] }): ReactNode {
  return (
    <ol role="list" className={classes["steps"]}>
      {steps.toReversed().map(({ seq, at, from, to, reason }) => (
        <li key={seq}>
          <Time value={at} />
          <span>
            {from === null || from === to
              ? t(texts.began, { to: t(EXACT_WORDS[to]) })
              : t(texts.becameFrom, { from: t(EXACT_WORDS[from]), to: t(EXACT_WORDS[to]) })}
            {reason && <span className={classes["muted"]}> {reason}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

function EvidenceOf({ step }: { step: Detail["steps"][number] | undefined }): ReactNode {
  const facts = Object.entries(step?.evidence ?? {}).filter(([, value]) => value !== null);
  if (facts.length === 0) return <p>{t(texts.noEvidence)}</p>;
  return (
    <dl className={classes["facts"]}>
      {facts.map(([name, value]) => (
        <Fact key={name} name={name} value={value} />
      ))}
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: unknown }): ReactNode {
  const isInstant = typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value);
  return (
    <>
      <dt>{name}</dt>
      <dd>{isInstant ? <Time value={value} /> : typeof value === "object" ? JSON.stringify(value) : String(value)}</dd>
    </>
  );
}

function Messages({ candidateId }: { candidateId: string }): ReactNode {
  const messages = useApi("messages.list", { query: { subjectId: candidateId, limit: 50 } });
  return (
    <Shown query={messages} rows={2}>
      {({ items }) =>
        items.length === 0 ? (
          <p>{t(texts.noMessages)}</p>
        ) : (
          <ol role="list" className={classes["steps"]}>
            {items.map((message) => (
              <li key={message.id}>
                <Time value={message.createdAt} />
                <span>
                  {t(texts.message, { kind: message.kind, recipient: message.recipient })}{" "}
                  <span className={classes["muted"]}>
                    {t(texts.messageState, { state: message.state })} {message.error ?? ""}
                  </span>
                </span>
              </li>
            ))}
          </ol>
        )
      }
    </Shown>
  );
}
