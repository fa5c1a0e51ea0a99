import { type ReactNode, useState } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi, useChange } from "../../api/query.ts";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { CheckField, SelectField, TextArea, TextField } from "../../parts/form.tsx";
import { Loading } from "../../parts/states.tsx";
import { say } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import { formatMoney } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { type Kind, termsOf } from "./license-terms.ts";
import classes from "./page.module.css";
import { writePrices } from "./prices.ts";
import { texts } from "./texts.ts";
import { editionName, type License, metricName } from "./words.ts";

type Suggestion = AnswerFor<"licenses.suggestions">["items"][number];

const EDITIONS = ["free", "standard", "premium", "enterprise", "data-center"] as const;
const METRICS = ["monthly-seats", "annual-seats", "data-center-tier"] as const;

/** Adds a license, begun from what the sites themselves tell, or changes one. Two numbers are enough. */
export function LicenseForm({ license, onClose }: { license: License | null; onClose: () => void }): ReactNode {
  const suggestions = useApi("licenses.suggestions", {}, { enabled: license === null });
  const sites = useApi("sites.list", { query: { limit: 200 } });
  const add = useChange("licenses.add", ["position", "overview"]);
  const change = useChange("licenses.change", ["position", "overview"]);
  const compute = useChange("position.compute", ["overview"]);
  const isReady = sites.data !== undefined && (license !== null || suggestions.data !== undefined);

  async function save(form: FormData): Promise<void> {
    const body = termsOf(form);
    const saved =
      license === null
        ? await add.mutateAsync({ body })
        : await change.mutateAsync({ params: { licenseId: license.id }, ifMatch: license.revision, body });
    // The position is then what was just said, and not that of the last sync.
    await compute.mutateAsync({});
    say(t(license === null ? texts.added : texts.changed, { name: saved.name }));
  }

  return (
    <FormDialog
      isOpen
      isWide
      onClose={onClose}
      title={license === null ? t(texts.addLicense) : t(texts.editTitle, { name: license.name })}
      act={license === null ? t(texts.addLicense) : t(texts.saveChanges)}
      onSubmit={save}
    >
      {isReady ? (
        <Fields
          license={license}
          suggestion={suggestions.data?.items[0] ?? null}
          sites={(sites.data?.items ?? []).map(({ id, name }) => ({ id, name }))}
        />
      ) : (
        <Loading rows={6} />
      )}
    </FormDialog>
  );
}

function Fields({
  license,
  suggestion,
  sites,
}: {
  license: License | null;
  suggestion: Suggestion | null;
  sites: readonly { id: string; name: string }[];
}): ReactNode {
  const begun = license ?? suggestion;
  const [metric, setMetric] = useState<License["metric"]>(begun?.metric ?? "monthly-seats");
  const [kind, setKind] = useState<Kind>(license?.pricing.kind ?? "bands");
  const edition = begun?.edition ?? "standard";
  const chosen = license?.siteIds ?? (suggestion ? [suggestion.siteId] : sites.slice(0, 1).map(({ id }) => id));
  const currency = begun?.currency ?? "USD";
  const isTiered = metric === "data-center-tier" || (metric === "annual-seats" && kind === "tiers");
  return (
    <>
      <p className={classes["muted"]}>{t(texts.twoNumbers)}</p>
      {suggestion && <p className={classes["muted"]}>{sayTold(suggestion)}</p>}
      <div className={classes["row"]}>
        <TextField
          name="quantity"
          label={t(texts.quantity)}
          type="number"
          min={0}
          defaultValue={begun?.quantity ?? ""}
          hint={t(metric === "monthly-seats" ? texts.quantityMonthly : texts.quantityYearly)}
        />
        <TextField
          name="pricing"
          label={t(isTiered ? texts.priceOfTier : metric === "monthly-seats" ? texts.priceMonth : texts.priceYear)}
          inputMode="decimal"
          defaultValue={license ? writePrices(license.pricing, license.currency) : listPriceOf(suggestion)}
          hint={t(isTiered ? texts.pricesHintTiers : texts.pricesHint)}
        />
        <TextField name="currency" label={t(texts.currency)} defaultValue={currency} size={4} maxLength={3} />
      </div>
      <fieldset className={classes["sites"]}>
        <legend>{t(texts.sitesCovered)}</legend>
        {sites.map(({ id, name }) => (
          <CheckField key={id} name="siteIds" value={id} label={name} defaultChecked={chosen.includes(id)} />
        ))}
      </fieldset>
      <div className={classes["row"]}>
        <SelectField
          name="edition"
          label={t(texts.edition)}
          choices={EDITIONS.map((value) => ({ value, label: editionName(value) }))}
          defaultValue={edition === "unrecognized" ? "standard" : edition}
        />
        <SelectField
          name="metric"
          label={t(texts.metric)}
          choices={METRICS.map((value) => ({ value, label: metricName(value) }))}
          value={metric}
          onChange={(event) => setMetric(event.target.value as License["metric"])}
        />
        {metric === "annual-seats" && (
          <SelectField
            name="kind"
            label={t(texts.pricedBy)}
            choices={[
              { value: "bands", label: t(texts.bySeat) },
              { value: "tiers", label: t(texts.byTier) },
            ]}
            value={kind}
            onChange={(event) => setKind(event.target.value as Kind)}
          />
        )}
      </div>
      <TextField
        name="name"
        label={t(texts.name)}
        maxLength={100}
        defaultValue={license?.name ?? nameFrom(suggestion)}
        hint={t(texts.nameHint)}
      />
      <details className={classes["foldable"]}>
        <summary>{t(texts.moreTerms)}</summary>
        <MoreTerms license={license} />
      </details>
    </>
  );
}

function MoreTerms({ license }: { license: License | null }): ReactNode {
  const may = useMay();
  const operators = useApi(
    "operators.list",
    { query: { kind: "person", state: "active", limit: 200 } },
    { enabled: may("operators:read") },
  );
  const dayField = (name: "termStart" | "termEnd" | "renewalOn" | "noticeOn", label: string, hint: string) => (
    <TextField
      name={name}
      label={label}
      type="date"
      hint={hint}
      defaultValue={license?.[name] ?? (name === "termStart" ? new Date().toISOString().slice(0, 10) : "")}
    />
  );
  return (
    <div className={classes["fold"]}>
      <div className={classes["row"]}>
        {dayField("termStart", t(texts.termStart), t(texts.termStartHint))}
        {dayField("termEnd", t(texts.termEnd), t(texts.termEndHint))}
        <TextField
          name="billingDay"
          label={t(texts.billingDay)}
          type="number"
          min={1}
          max={31}
          defaultValue={license?.billingDay ?? ""}
          hint={t(texts.billingDayHint)}
        />
      </div>
      <div className={classes["row"]}>
        {dayField("renewalOn", t(texts.renewal), t(texts.renewalHint))}
        {dayField("noticeOn", t(texts.notice), t(texts.noticeHint))}
        <TextField
          name="renewalQuantity"
          label={t(texts.renewalQuantity)}
          type="number"
          min={0}
          defaultValue={license?.renewalQuantity ?? ""}
          hint={t(texts.renewalQuantityHint)}
        />
      </div>
      <CheckField
        name="autoRenew"
        label={t(texts.autoRenew)}
        hint={t(texts.autoRenewHint)}
        defaultChecked={license?.autoRenew ?? false}
      />
      <div className={classes["row"]}>
        <TextField name="costCenter" label={t(texts.costCenter)} defaultValue={license?.costCenter ?? ""} isOptional />
        {operators.data && (
          <SelectField
            name="ownerId"
            label={t(texts.owner)}
            hint={t(texts.ownerHint)}
            choices={[
              { value: "", label: t(texts.nobody) },
              ...operators.data.items.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            defaultValue={license?.ownerId ?? ""}
          />
        )}
      </div>
      <TextArea name="note" label={t(texts.note)} maxLength={2000} defaultValue={license?.note ?? ""} isOptional />
    </div>
  );
}

function nameFrom(suggestion: Suggestion | null): string {
  if (!suggestion) return "";
  return suggestion.edition === null ? suggestion.site : `${suggestion.site} ${suggestion.edition}`;
}

function listPriceOf(suggestion: Suggestion | null): string {
  if (!suggestion || suggestion.listPriceMinor === null || suggestion.currency === null) return "";
  const pricing = { kind: "bands", steps: [{ upTo: null, priceMinor: suggestion.listPriceMinor }] } as const;
  return writePrices({ ...pricing, steps: [...pricing.steps] }, suggestion.currency);
}

function sayTold({ site, seats, quantity, listPriceMinor, currency }: Suggestion): string {
  const price = listPriceMinor === null || currency === null ? "" : formatMoney(listPriceMinor, currency);
  return t(texts.told, { site, seats, quantity: quantity ?? "none", price: price || "none" });
}
