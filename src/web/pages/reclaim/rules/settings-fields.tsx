import { Plus, X } from "lucide-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { Button, IconButton } from "../../../parts/button.tsx";
import { CheckField, SelectField, TextField } from "../../../parts/form.tsx";
import { Section } from "../../../parts/page.tsx";
import type { Text } from "../../../text/define.ts";
import { Rich } from "../../../text/rich.tsx";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { listOf, type Settings } from "./draft.ts";
import { editorTexts as texts } from "./texts.ts";

interface SettingsParts {
  settings: Settings;
  set: (changed: Partial<Settings>) => void;
}

/** Who is asked, what silence means, who decides. */
export function ThenFields({ settings, set }: SettingsParts): ReactNode {
  const { checkIn, decision, noAnswer, asksWithoutEvidence } = settings;
  const setCheckIn = (changed: Partial<Settings["checkIn"]>) => set({ checkIn: { ...checkIn, ...changed } });
  const setDecision = (changed: Partial<Settings["decision"]>) => set({ decision: { ...decision, ...changed } });
  return (
    <Section title={texts.whatThen}>
      <div className={classes["fields"]}>
        <SelectField
          name="settings.checkIn.asked"
          label={t(texts.asked)}
          choices={[
            { value: "holder", label: t(texts.holder) },
            { value: "nobody", label: t(texts.nobody) },
          ]}
          value={checkIn.asked}
          onChange={(event) => setCheckIn({ asked: event.target.value as "holder", silentReason: null })}
        />
        <NumberField
          name="settings.checkIn.answerDays"
          label={texts.answerDays}
          value={checkIn.answerDays}
          onChange={(answerDays) => setCheckIn({ answerDays })}
        />
        <ReminderDays days={checkIn.reminderDays} onChange={(reminderDays) => setCheckIn({ reminderDays })} />
        <SelectField
          name="settings.noAnswer"
          label={t(texts.noAnswer)}
          choices={[
            { value: "escalate", label: t(texts.noAnswerEscalate) },
            { value: "keep", label: t(texts.noAnswerKeep) },
            { value: "reclaim", label: t(texts.noAnswerReclaim) },
          ]}
          value={noAnswer}
          onChange={(event) => set({ noAnswer: event.target.value as Settings["noAnswer"] })}
        />
        <SelectField
          name="settings.decision.by"
          label={t(texts.decisionBy)}
          choices={[
            { value: "manager", label: t(texts.manager) },
            { value: "named", label: t(texts.named) },
          ]}
          value={decision.by}
          onChange={(event) => setDecision({ by: event.target.value as "manager" })}
        />
        <NumberField
          name="settings.decision.days"
          label={texts.decisionDays}
          value={decision.days}
          onChange={(days) => setDecision({ days })}
        />
      </div>
      {checkIn.asked === "nobody" && (
        <TextField
          name="settings.checkIn.silentReason"
          label={t(texts.silentReason)}
          maxLength={500}
          value={checkIn.silentReason ?? ""}
          onChange={(event) => setCheckIn({ silentReason: event.target.value || null })}
        />
      )}
      <TextField
        name="settings.decision.email"
        type="email"
        label={t(texts.decisionEmail)}
        value={decision.email ?? ""}
        onChange={(event) => setDecision({ email: event.target.value || null })}
      />
      <CheckField
        label={t(texts.asksWithoutEvidence)}
        checked={asksWithoutEvidence}
        onChange={(event) => set({ asksWithoutEvidence: event.target.checked })}
      />
      <p className={classes["muted"]}>
        <Rich
          text={texts.takenBy}
          parts={{ connection: (words) => <Link to={"/connections" as string}>{words}</Link> }}
        />
      </p>
    </Section>
  );
}

const EVIDENCE: readonly (readonly [Settings["evidence"][number], Text])[] = [
  ["viewed", texts.viewed],
  ["authenticated", texts.authenticated],
  ["contributed", texts.contributed],
  ["administered", texts.administered],
];

export function EvidenceFields({ settings: { evidence, graceDays }, set }: SettingsParts): ReactNode {
  return (
    <>
      <fieldset>
        <legend className={classes["legend"]}>{t(texts.evidence)}</legend>
        <div className={classes["row"]}>
          {EVIDENCE.map(([kind, words]) => (
            <CheckField
              key={kind}
              label={t(words)}
              checked={evidence.includes(kind)}
              onChange={(event) =>
                set({
                  evidence: EVIDENCE.map(([each]) => each).filter((each) =>
                    each === kind ? event.target.checked : evidence.includes(each),
                  ),
                })
              }
            />
          ))}
        </div>
        <p className={classes["muted"]}>{t(texts.evidenceHint)}</p>
      </fieldset>
      <NumberField
        name="settings.graceDays"
        label={texts.grace}
        value={graceDays}
        onChange={(graceDays_) => set({ graceDays: graceDays_ })}
      />
    </>
  );
}

const LIMITS: readonly (readonly [keyof Settings["limits"], Text])[] = [
  ["perRun", texts.perRun],
  ["perRunPercent", texts.perRunPercent],
  ["perDay", texts.perDay],
  ["dataHoursMax", texts.dataHoursMax],
  ["canary", texts.canary],
  ["secondPersonAbove", texts.secondPersonAbove],
  ["failurePercentMax", texts.failurePercentMax],
  ["restorePercentMax", texts.restorePercentMax],
];

export function LimitFields({ settings: { limits }, set }: SettingsParts): ReactNode {
  return (
    <Section title={texts.limits}>
      <div className={classes["fields"]}>
        {LIMITS.map(([name, label]) => (
          <NumberField
            key={name}
            name={`settings.limits.${name}`}
            label={label}
            value={limits[name]}
            onChange={(value) => set({ limits: { ...limits, [name]: value } })}
          />
        ))}
      </div>
    </Section>
  );
}

export function AfterFields({ settings, set }: SettingsParts): ReactNode {
  const { timing, restoreDays, coolDownDays, selfServiceRestore, blackouts } = settings;
  return (
    <Section title={texts.after}>
      <div className={classes["fields"]}>
        <SelectField
          name="settings.timing"
          label={t(texts.timing)}
          choices={[
            { value: "now", label: t(texts.now) },
            { value: "before-billing", label: t(texts.beforeBilling) },
          ]}
          value={timing}
          onChange={(event) => set({ timing: event.target.value as Settings["timing"] })}
        />
        <NumberField
          name="settings.restoreDays"
          label={texts.restoreDays}
          value={restoreDays}
          onChange={(days) => set({ restoreDays: days })}
        />
        <NumberField
          name="settings.coolDownDays"
          label={texts.coolDownDays}
          value={coolDownDays}
          onChange={(days) => set({ coolDownDays: days })}
        />
      </div>
      <CheckField
        label={t(texts.selfServiceRestore)}
        checked={selfServiceRestore}
        onChange={(event) => set({ selfServiceRestore: event.target.checked })}
      />
      <Blackouts blackouts={blackouts} onChange={(changed) => set({ blackouts: changed })} />
    </Section>
  );
}

function Blackouts({
  blackouts,
  onChange,
}: {
  blackouts: Settings["blackouts"];
  onChange: (blackouts: Settings["blackouts"]) => void;
}): ReactNode {
  const change = (index: number, changed: Partial<Settings["blackouts"][number]>) =>
    onChange(blackouts.map((each, at) => (at === index ? { ...each, ...changed } : each)));
  return (
    <fieldset>
      <legend className={classes["legend"]}>{t(texts.blackouts)}</legend>
      {blackouts.map((each, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- they have no name of their own, and each is controlled
        <div key={index} className={classes["blackout"]}>
          <TextField
            name={`settings.blackouts.${index}.from`}
            type="date"
            label={t(texts.from)}
            value={each.from}
            onChange={(event) => change(index, { from: event.target.value })}
          />
          <TextField
            name={`settings.blackouts.${index}.until`}
            type="date"
            label={t(texts.until)}
            value={each.until}
            onChange={(event) => change(index, { until: event.target.value })}
          />
          <TextField
            name={`settings.blackouts.${index}.reason`}
            label={t(texts.why)}
            maxLength={200}
            value={each.reason}
            onChange={(event) => change(index, { reason: event.target.value })}
          />
          <IconButton
            icon={X}
            label={t(texts.removeBlackout, { from: each.from })}
            onClick={() => onChange(blackouts.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button icon={Plus} onClick={() => onChange([...blackouts, { from: "", until: "", reason: "" }])}>
        {t(texts.addBlackout)}
      </Button>
    </fieldset>
  );
}

function ReminderDays({ days, onChange }: { days: readonly number[]; onChange: (days: number[]) => void }): ReactNode {
  const [text, setText] = useState(days.join(", "));
  return (
    <TextField
      name="settings.checkIn.reminderDays"
      label={t(texts.reminderDays)}
      hint={t(texts.list)}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(listOf(event.target.value).map(Number));
      }}
    />
  );
}

function NumberField({
  name,
  label,
  value,
  onChange,
}: {
  name: string;
  label: Text;
  value: number;
  onChange: (value: number) => void;
}): ReactNode {
  return (
    <TextField
      name={name}
      type="number"
      min={0}
      label={t(label)}
      value={Number.isNaN(value) ? "" : value}
      onChange={(event) => onChange(event.target.value === "" ? Number.NaN : Number(event.target.value))}
    />
  );
}
