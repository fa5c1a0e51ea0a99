import { type ReactNode, useState } from "react";
import { callApi } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { CAPABILITY_WORDS, CHOOSABLE } from "../../parts/connections/words.tsx";
import { CheckField } from "../../parts/form.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { Shown } from "../../parts/states.tsx";
import { useMay } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import type { Connection } from "./page.tsx";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

/** What the connection does, and what each of it keeps. */
export function CapabilitiesTab({ connection }: { connection: Connection }): ReactNode {
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  const sources = useApi("sources.list");
  return (
    <>
      {may("connections:write") && connection.state !== "archived" && (
        <div>
          <Button onClick={() => setOpen(true)}>{t(texts.changeCapabilities)}</Button>
        </div>
      )}
      <Shown query={sources} rows={5}>
        {({ items }) =>
          items
            .find(({ kind }) => kind === connection.source)
            ?.capabilities.filter(({ capability }) => CHOOSABLE.includes(capability))
            .map((each) => (
              <section key={each.capability} className={classes["card"]}>
                <div className={classes["inline"]}>
                  <h2>{t(CAPABILITY_WORDS[each.capability].label)}</h2>
                  <OnOff isOn={connection.capabilities.includes(each.capability)} />
                </div>
                <p>{t(CAPABILITY_WORDS[each.capability].about)}</p>
                {each.stores.length > 0 && <h3>{t(texts.stores)}</h3>}
                <ul className={classes["plain"]}>
                  {each.stores.map((what) => (
                    <li key={what}>{what}</li>
                  ))}
                  {Object.entries(each.lacks).map(([edition, what]) => (
                    <li key={edition}>{t(texts.lacks, { edition, what })}</li>
                  ))}
                </ul>
              </section>
            ))
        }
      </Shown>
      <ChangeDialog connection={connection} isOpen={isOpen} onClose={() => setOpen(false)} />
    </>
  );
}

function OnOff({ isOn }: { isOn: boolean }): ReactNode {
  return <Badge kind={isOn ? "ok" : "neutral"}>{t(isOn ? texts.on : texts.off)}</Badge>;
}

function ChangeDialog({
  connection,
  isOpen,
  onClose,
}: {
  connection: Connection;
  isOpen: boolean;
  onClose: () => void;
}): ReactNode {
  const queries = useQueryClient();
  const { id, name, revision, capabilities, state } = connection;
  const isRunning = state === "published" || state === "paused";
  async function save(form: FormData): Promise<void> {
    const chosen = CHOOSABLE.filter((each) => each === "roster" || form.getAll("capabilities").includes(each));
    const params = { connectionId: id };
    await callApi("connections.change", { params, body: { capabilities: chosen }, ifMatch: revision });
    await queries.invalidateQueries({ queryKey: ["connections"] });
  }
  return (
    <FormDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t(texts.changeTitle, { name })}
      act={t(isRunning ? texts.changeAct : texts.changeActDraft)}
      onSubmit={save}
    >
      {isRunning && <p>{t(texts.changeAbout)}</p>}
      {CHOOSABLE.map((capability) => (
        <CheckField
          key={capability}
          name="capabilities"
          value={capability}
          label={t(CAPABILITY_WORDS[capability].label)}
          hint={t(CAPABILITY_WORDS[capability].about)}
          defaultChecked={capabilities.includes(capability)}
          disabled={capability === "roster"}
        />
      ))}
    </FormDialog>
  );
}
