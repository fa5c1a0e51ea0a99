import { type ReactNode, useRef, useState } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useChange } from "../../api/query.ts";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { CheckField, Field } from "../../parts/form.tsx";
import { PlainTable } from "../../parts/plain-table.tsx";
import { Banner } from "../../parts/states.tsx";
import { say } from "../../parts/toast.tsx";
import { formatNumber } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";

type Preview = AnswerFor<"licenses.preview-import">;

/** A file of licenses: what it would change and which rows are wrong, before anything is changed. */
export function ImportDialog({ onClose }: { onClose: () => void }): ReactNode {
  const [preview, setPreview] = useState<Preview | null>(null);
  return preview === null ? (
    <ChooseFile onCancel={onClose} onPreview={setPreview} />
  ) : (
    <ApplyPreview preview={preview} onClose={onClose} />
  );
}

function ChooseFile({
  onCancel,
  onPreview,
}: {
  onCancel: () => void;
  onPreview: (preview: Preview) => void;
}): ReactNode {
  const read = useChange("licenses.preview-import");
  // A dialog closes once its form is sent; here the preview then takes its place.
  const isRead = useRef(false);
  return (
    <FormDialog
      isOpen
      onClose={() => !isRead.current && onCancel()}
      title={t(texts.importTitle)}
      act={t(texts.importPreview)}
      onSubmit={async (form) => {
        const file = form.get("file");
        if (!(file instanceof File) || file.size === 0) throw new Error(t(texts.importNoFile));
        const preview = await read.mutateAsync({
          query: { fileName: file.name },
          file: new Blob([file], { type: "text/csv" }),
        });
        isRead.current = true;
        onPreview(preview);
      }}
    >
      <p>{t(texts.importWhat)}</p>
      <Field name="file" label={t(texts.importFile)} hint={t(texts.importFileHint)}>
        {(control) => <input type="file" accept=".csv,text/csv" {...control} />}
      </Field>
    </FormDialog>
  );
}

function ApplyPreview({ preview, onClose }: { preview: Preview; onClose: () => void }): ReactNode {
  const apply = useChange("licenses.apply-import", ["position", "overview", "imports"]);
  const compute = useChange("position.compute", ["overview"]);
  const { counts, errors, columns } = preview;
  const changes = (counts["new"] ?? 0) + (counts["changed"] ?? 0);
  return (
    <FormDialog
      isOpen
      isWide
      onClose={onClose}
      title={t(texts.importPreviewTitle, { file: preview.fileName ?? "" })}
      act={t(texts.importAct, { count: changes })}
      onSubmit={async (form) => {
        await apply.mutateAsync({
          params: { importId: preview.id },
          body: { acceptErrors: form.get("acceptErrors") !== null },
        });
        await compute.mutateAsync({});
        say(t(texts.imported, { count: changes }));
      }}
    >
      <p>
        {t(texts.importCounts, {
          added: counts["new"] ?? 0,
          changed: counts["changed"] ?? 0,
          unchanged: counts["unchanged"] ?? 0,
          errors: counts["errors"] ?? 0,
        })}
      </p>
      <p>
        {t(texts.importColumns, {
          columns: columns
            .map(({ column, field }) => (field === null ? t(texts.importLeftOut, { column }) : column))
            .join(", "),
        })}
      </p>
      {errors.length > 0 && (
        <>
          <Banner kind="warn">{t(texts.importErrors, { count: counts["errors"] ?? errors.length })}</Banner>
          <PlainTable label={t(texts.importErrorsTable)}>
            <thead>
              <tr>
                {[texts.row, texts.column, texts.wrong, texts.right].map((label) => (
                  <th key={label.id} scope="col">
                    {t(label)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {errors.map(({ row, field, what, expected }) => (
                <tr key={`${row} ${field} ${what}`}>
                  <td>{formatNumber(row)}</td>
                  <td>{field}</td>
                  <td>{what}</td>
                  <td>{expected}</td>
                </tr>
              ))}
            </tbody>
          </PlainTable>
          <CheckField name="acceptErrors" label={t(texts.acceptErrors)} />
        </>
      )}
    </FormDialog>
  );
}
