import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi, useChange } from "../../api/query.ts";
import button from "../../parts/button.module.css";
import { Button } from "../../parts/button.tsx";
import { SelectField } from "../../parts/form.tsx";
import { Section } from "../../parts/page.tsx";
import { Banner } from "../../parts/states.tsx";
import { sayProblem } from "../../parts/toast.tsx";
import { useMayByRole } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Sample = AnswerFor<"sampleCompany.get">;

const BUSY_EVERY_MS = 1000;

/** "Look around first": a pretend company, for as long as there is no real one. */
export function LookAround(): ReactNode {
  const mayByRole = useMayByRole();
  const { data } = useApi("sampleCompany.get", {}, { enabled: mayByRole("connections:read") });
  const isBusy = data?.state === "making" || data?.state === "removing";
  // The same answer, asked again and again while something is under way; so whoever comes back goes on seeing it.
  useApi("sampleCompany.get", {}, { enabled: isBusy, everyMs: isBusy && BUSY_EVERY_MS });
  if (!data || (data.state === "absent" && !data.isOffered)) return null;
  return (
    <Section title={texts.lookTitle}>
      <div className={classes["card"]}>
        <p>{t(texts.lookAbout)}</p>
        {data.state === "absent" ? <LookForm /> : <LookProgress of={data} />}
      </div>
    </Section>
  );
}

function LookForm(): ReactNode {
  const [scale, setScale] = useState("medium");
  const create = useChange("sampleCompany.create", ["connections", "overview"]);
  return (
    <form
      className={classes["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (create.isPending) return;
        create.mutate({ body: { scale: scale as "medium" } }, { onError: sayProblem });
      }}
    >
      <SelectField
        name="scale"
        label={t(texts.lookScale)}
        value={scale}
        onChange={(event) => setScale(event.target.value)}
        choices={[
          { value: "tiny", label: t(texts.lookTiny) },
          { value: "small", label: t(texts.lookSmall) },
          { value: "medium", label: t(texts.lookMedium) },
        ]}
      />
      <div>
        <Button type="submit" isBusy={create.isPending}>
          {t(texts.lookStart)}
        </Button>
      </div>
    </form>
  );
}

/** How far it is. */
function LookProgress({ of: { state, step, problem } }: { of: Sample }): ReactNode {
  if (state === "present") {
    return (
      <p className={classes["inline"]}>
        <span role="status">{t(texts.lookReady)}</span>
        <Link to={"/overview" as string} className={button["button"]} data-kind="primary">
          {t(texts.lookOpen)}
        </Link>
      </p>
    );
  }
  return (
    <>
      <p role="status">{t(state === "removing" ? texts.lookRemoving : texts.looking, { step: step ?? "" })}</p>
      <progress className={classes["progress"]} aria-label={t(texts.lookTitle)} />
      {problem && <Banner kind="warn">{t(texts.lookProblem, { problem })}</Banner>}
    </>
  );
}
