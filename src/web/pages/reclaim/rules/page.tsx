import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { type AnswerFor, ApiProblem } from "../../../api/call.ts";
import { useApi, useChange } from "../../../api/query.ts";
import { Button } from "../../../parts/button.tsx";
import { FormErrors, TextField } from "../../../parts/form.tsx";
import { Page as Frame, Section } from "../../../parts/page.tsx";
import { Banner, Failure, Shown } from "../../../parts/states.tsx";
import { useNow } from "../../../parts/time.tsx";
import { say } from "../../../parts/toast.tsx";
import { useMay } from "../../../shell/session.tsx";
import { formatRelative } from "../../../text/format.ts";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { ConditionFields } from "./condition-fields.tsx";
import { conditionOf, draftOf, type Rule, type RuleDraft } from "./draft.ts";
import { RuleStatus } from "./rules.tsx";
import { AfterFields, EvidenceFields, LimitFields, ThenFields } from "./settings-fields.tsx";
import { isOfRule, SimulationPane, useSimulation } from "./simulation.tsx";
import { SiteFields } from "./site-fields.tsx";
import { StatusActs } from "./status-acts.tsx";
import { Templates, templateDraft } from "./templates.tsx";
import { editorTexts as texts, statusTexts } from "./texts.ts";

type Kinds = AnswerFor<"reclamation-conditions.list">;

/** One reclamation rule: what it says beside what it would do now. `new` is one that is not saved yet. */
export function Page(): ReactNode {
  const { ruleId = "new" } = useParams({ strict: false }) as { ruleId?: string };
  const isNew = ruleId === "new";
  const kinds = useApi("reclamation-conditions.list");
  const rule = useApi("reclamation-rules.get", { params: { ruleId } }, { enabled: !isNew });
  if (isNew) {
    return <Shown query={kinds}>{(all) => <Editor key="new" rule={null} kinds={all} onReload={() => {}} />}</Shown>;
  }
  return (
    <Shown query={kinds}>
      {(all) => (
        <Shown query={{ ...rule, data: rule.data?.id === ruleId ? rule.data : undefined }}>
          {(found) => <Saved rule={found} kinds={all} />}
        </Shown>
      )}
    </Shown>
  );
}

/** The form keeps what was typed over a refresh, and begins anew when somebody asks to see what is there now. */
function Saved({ rule, kinds }: { rule: Rule; kinds: Kinds }): ReactNode {
  const [round, setRound] = useState(0);
  return <Editor key={`${rule.id} ${round}`} rule={rule} kinds={kinds} onReload={() => setRound(round + 1)} />;
}

function Editor({ rule, kinds, onReload }: { rule: Rule | null; kinds: Kinds; onReload: () => void }): ReactNode {
  const may = useMay();
  const now = useNow();
  const mayWrite = may("reclamation:write");
  const [draft, setDraft] = useState<RuleDraft>(() => (rule ? draftOf(rule) : templateDraft("idle90", kinds)));
  // Of the revision that the form began with: saving says that this is what is changed.
  const [revision, setRevision] = useState(rule?.revision ?? 0);
  const condition = conditionOf(draft, kinds.items);
  const unsaved = { condition, siteIds: draft.siteIds, settings: draft.settings };
  const simulation = useSimulation(unsaved);
  const save = useSave(rule, revision, setRevision);
  const set = (changed: Partial<RuleDraft>) => setDraft({ ...draft, ...changed });
  const isChanged = rule !== null && JSON.stringify(draft) !== JSON.stringify(draftOf(rule));
  const isStale = save.error instanceof ApiProblem && save.error.problem.code === "stale-revision";
  const problem = save.error ?? (simulation.error && isOfRule(simulation.error) ? simulation.error : null);
  const settings = {
    settings: draft.settings,
    set: (changed: object) => set({ settings: { ...draft.settings, ...changed } }),
  };

  return (
    <Frame
      title={rule ? texts.savedTitle : texts.newTitle}
      titleValues={{ name: rule?.name ?? "" }}
      about={rule && <RuleStatus of={rule.status} />}
      actions={
        <>
          <Link to="/reclaim" search={{ tab: "rules" } as never} className={classes["back"]}>
            {t(texts.back)}
          </Link>
          {rule && mayWrite && <StatusActs rule={rule} wouldTake={simulation.data?.outcomes["would-take"] ?? null} />}
        </>
      }
    >
      {rule?.paused && (
        <Banner kind="warn">
          {t(statusTexts.pausedBecause, { when: formatRelative(rule.paused.at, now), why: rule.paused.reason })}
        </Banner>
      )}
      {!mayWrite && <Banner kind="info">{t(texts.readOnly)}</Banner>}
      {isStale && (
        <Banner kind="warn" action={<Button onClick={onReload}>{t(texts.showTheirs)}</Button>}>
          {t(texts.changed)}
        </Banner>
      )}
      <div className={classes["editor"]}>
        <form
          className={classes["inner"]}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (mayWrite) void save.act(draft, condition, rule ? null : "report-only");
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
          }}
        >
          <FormErrors problem={problem} isQuiet={save.error === null}>
            {!rule && <Templates kinds={kinds} onChoose={setDraft} />}
            <TextField
              name="name"
              label={t(texts.name)}
              maxLength={100}
              value={draft.name}
              onChange={(event) => set({ name: event.target.value })}
            />
            <Section title={texts.when}>
              <ConditionFields draft={draft} set={set} kinds={kinds.items} facts={kinds.facts} />
              <EvidenceFields {...settings} />
              <SiteFields siteIds={draft.siteIds} onChange={(siteIds) => set({ siteIds })} />
            </Section>
            <ThenFields {...settings} />
            <LimitFields {...settings} />
            <AfterFields {...settings} />
          </FormErrors>
          {save.error && !isStale && !isOfRule(save.error) && <Failure error={save.error} />}
          {mayWrite && (
            <div className={classes["saveBar"]}>
              {isChanged && <span>{t(texts.unsaved)}</span>}
              {!rule && (
                <Button isBusy={save.isBusy} onClick={() => void save.act(draft, condition, "draft")}>
                  {t(texts.saveDraft)}
                </Button>
              )}
              <Button kind="primary" type="submit" isBusy={save.isBusy}>
                {t(rule ? texts.save : texts.saveReport)}
              </Button>
            </div>
          )}
        </form>
        <SimulationPane rule={unsaved} simulation={simulation} mayPlan={may("plans:write")} />
      </div>
    </Frame>
  );
}

function useSave(rule: Rule | null, revision: number, onRevision: (revision: number) => void) {
  const navigate = useNavigate();
  const create = useChange("reclamation-rules.create", ["candidates", "overview"]);
  const change = useChange("reclamation-rules.change", ["candidates", "overview"]);
  const [error, setError] = useState<Error | null>(null);

  async function act(
    draft: RuleDraft,
    condition: Rule["condition"] | null,
    status: "draft" | "report-only" | null,
  ): Promise<void> {
    setError(null);
    const { name, siteIds, settings } = draft;
    // What is not said yet is sent as it is, so that the server says which field lacks what.
    const body = { name, siteIds, settings, condition: condition ?? { all: [] } };
    try {
      if (rule) {
        const saved = await change.mutateAsync({ params: { ruleId: rule.id }, body, ifMatch: revision } as never);
        onRevision(saved.revision);
        say(t(texts.saved, { name: saved.name }));
        return;
      }
      const saved = await create.mutateAsync({ body: { ...body, status: status ?? "report-only" } } as never);
      say(t(texts.saved, { name: saved.name }));
      await navigate({ to: "/reclaim/rules/$ruleId" as string, params: { ruleId: saved.id } as never });
    } catch (thrown) {
      setError(thrown as Error);
    }
  }

  return { act, error, isBusy: create.isPending || change.isPending };
}
