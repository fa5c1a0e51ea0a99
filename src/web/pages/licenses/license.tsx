import { lazy, type ReactNode, Suspense, useState } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi, useChange } from "../../api/query.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Id } from "../../parts/copy.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { TextField } from "../../parts/form.tsx";
import { useOperatorNames } from "../../parts/operator-names.ts";
import { SlideOut } from "../../parts/slide-out.tsx";
import { Shown } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { say } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import { formatDateTime, formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { Documents } from "./documents.tsx";
import { STATES } from "./license-states.ts";
import classes from "./page.module.css";
import { sayPrices } from "./prices.ts";
import { RenewalForecast } from "./renewal.tsx";
import { texts } from "./texts.ts";
import { editionName, type License, metricName } from "./words.ts";

// The form comes when somebody edits.
const LicenseForm = lazy(async () => ({ default: (await import("./license-form.tsx")).LicenseForm }));

/** One license beside the list: its terms, what renewing would cost, its documents, what it said before. */
export function LicenseSlideOut({ licenseId, onClose }: { licenseId: string; onClose: () => void }): ReactNode {
  const license = useApi("licenses.get", { params: { licenseId } });
  return (
    <SlideOut
      isOpen
      title={license.data?.name ?? t(texts.license)}
      about={
        license.data && <Badge kind={STATES[license.data.state].kind}>{t(STATES[license.data.state].label)}</Badge>
      }
      onClose={onClose}
    >
      <Shown query={license} rows={10}>
        {(data) => <Whole license={data} />}
      </Shown>
    </SlideOut>
  );
}

function Whole({ license }: { license: License }): ReactNode {
  const may = useMay();
  const [dialog, setDialog] = useState<"edit" | "end" | null>(null);
  const canChange = may("licenses:write") && license.endedOn === null;
  return (
    <div className={classes["slide"]}>
      {canChange && (
        <div className={classes["tools"]}>
          <Button onClick={() => setDialog("edit")}>{t(texts.edit)}</Button>
          <Button kind="quiet" onClick={() => setDialog("end")}>
            {t(texts.end)}
          </Button>
        </div>
      )}
      <Terms license={license} />
      {license.state !== "ended" && <RenewalForecast licenseId={license.id} />}
      <Documents licenseId={license.id} canChange={canChange} />
      <Versions licenseId={license.id} />
      <Id id={license.id} />
      {dialog === "edit" && (
        <Suspense>
          <LicenseForm license={license} onClose={() => setDialog(null)} />
        </Suspense>
      )}
      {dialog === "end" && <EndDialog license={license} onClose={() => setDialog(null)} />}
    </div>
  );
}

function Terms({ license }: { license: License }): ReactNode {
  const day = (value: string | null) => <Time value={value} as="day" />;
  const rows: readonly (readonly [label: string, value: ReactNode])[] = [
    [t(texts.sites), license.sites.join(", ")],
    [t(texts.edition), editionName(license.edition)],
    [t(texts.metric), metricName(license.metric)],
    [t(texts.quantity), license.quantity === null ? t(texts.asCounted) : formatNumber(license.quantity)],
    [t(texts.price), sayPrices(license)],
    [t(texts.termStart), day(license.termStart)],
    [t(texts.termEnd), license.termEnd === null ? t(texts.open) : day(license.termEnd)],
    [t(texts.renewal), day(license.renewalOn ?? license.termEnd)],
    [t(texts.notice), day(license.noticeOn)],
    [t(texts.nextBilling), day(license.nextBillingOn)],
    [t(texts.bestDay), day(license.bestDayToReclaim)],
    [t(texts.costCenter), license.costCenter ?? NONE],
    [t(texts.owner), license.owner ?? NONE],
    [t(texts.note), license.note ?? NONE],
  ];
  return (
    <section>
      <h3>{t(texts.terms)}</h3>
      <dl className={classes["pairs"]}>
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {license.endedOn !== null && (
          <div>
            <dt>{t(texts.ended)}</dt>
            <dd>
              {day(license.endedOn)} {license.endedReason}
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

type Version = AnswerFor<"licenses.versions">["items"][number];

/** What it said before, newest first: which terms differ from the version before. */
function Versions({ licenseId }: { licenseId: string }): ReactNode {
  const nameOf = useOperatorNames();
  const versions = useApi("licenses.versions", { params: { licenseId }, query: { limit: 50 } });
  return (
    <section>
      <h3>{t(texts.history)}</h3>
      <Shown query={versions} rows={2}>
        {({ items }) => (
          <ul role="list" className={classes["plainList"]}>
            {items.map((version, index) => (
              <li key={version.revision}>
                {formatDateTime(version.validFrom)} · {nameOf(version.changedBy)} ·{" "}
                {sayChange(version, items[index + 1] ?? null)}
              </li>
            ))}
          </ul>
        )}
      </Shown>
    </section>
  );
}

function sayChange(version: Version, before: Version | null): string {
  if (before === null) return t(texts.wasAdded);
  const changed = Object.keys(version.terms).filter(
    (name) => JSON.stringify(version.terms[name]) !== JSON.stringify(before.terms[name]),
  );
  return changed.length === 0 ? t(texts.wasSame) : t(texts.wasChanged, { fields: changed.join(", ") });
}

function EndDialog({ license, onClose }: { license: License; onClose: () => void }): ReactNode {
  const end = useChange("licenses.end", ["position", "overview"]);
  const compute = useChange("position.compute", ["overview"]);
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={t(texts.endTitle, { name: license.name })}
      act={t(texts.endAct)}
      onSubmit={async (form) => {
        await end.mutateAsync({
          params: { licenseId: license.id },
          ifMatch: license.revision,
          body: { on: String(form.get("on") ?? "") || null, reason: String(form.get("reason") ?? "").trim() || null },
        });
        await compute.mutateAsync({});
        say(t(texts.endedSaid, { name: license.name }));
      }}
    >
      <p>{t(texts.endWhat, { sites: license.sites.join(", ") })}</p>
      <TextField name="on" label={t(texts.endOn)} type="date" hint={t(texts.endOnHint)} isOptional />
      <TextField name="reason" label={t(texts.reason)} isOptional />
    </FormDialog>
  );
}
