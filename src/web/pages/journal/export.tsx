import { type ReactNode, useState } from "react";
import { urlOf } from "../../api/call.ts";
import { Button } from "../../parts/button.tsx";
import { CopyCommand } from "../../parts/copy.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { CheckField } from "../../parts/form.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

const COMMANDS = [
  "usher journal verifier > verify-journal.mjs",
  "node verify-journal.mjs usher-journal.jsonl --checkpoints journal-checkpoints.jsonl",
] as const;

/** "Export evidence…": the whole journal as a file, and how to verify it without Usher. */
export function ExportEvidence(): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t(texts.export)}</Button>
      <FormDialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={t(texts.exportTitle)}
        act={t(texts.exportAct)}
        onSubmit={async (form) => download(form.get("personal") !== null)}
      >
        <p>{t(texts.exportBody)}</p>
        <CheckField name="personal" label={t(texts.exportPersonal)} hint={t(texts.exportPersonalHint)} />
        <div className={classes["how"]}>
          <p>{t(texts.exportHow)}</p>
          {COMMANDS.map((command) => (
            <CopyCommand key={command} command={command} />
          ))}
        </div>
      </FormDialog>
    </>
  );
}

function download(personal: boolean): void {
  const link = document.createElement("a");
  link.href = urlOf("journal.export", { query: { personal } });
  link.download = "";
  link.click();
}
