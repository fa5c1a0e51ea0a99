import { type ReactNode, useRef, useState } from "react";
import { urlOf } from "../../api/call.ts";
import { useApi, useChange } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { useOperatorNames } from "../../parts/operator-names.ts";
import { Shown } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { say, sayProblem } from "../../parts/toast.tsx";
import { formatNumber } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

const KIB = 1024;
const MEDIA_TYPE = /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/;

/** Contracts and invoices kept with a license. */
export function Documents({ licenseId, canChange }: { licenseId: string; canChange: boolean }): ReactNode {
  const nameOf = useOperatorNames();
  const documents = useApi("licenses.documents", { params: { licenseId }, query: { limit: 50 } });
  const add = useChange("licenses.add-document");
  const remove = useChange("licenses.remove-document");
  const [removing, setRemoving] = useState<{ id: string; name: string } | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const keep = (file: File | undefined) => {
    if (!file) return;
    add.mutate(
      {
        params: { licenseId },
        query: { name: file.name, ...(MEDIA_TYPE.test(file.type) ? { mediaType: file.type } : {}) },
        // As bytes: a CSV file among the documents is no import.
        file: new Blob([file], { type: "application/octet-stream" }),
      },
      { onSuccess: () => say(t(texts.documentKept, { name: file.name })), onError: sayProblem },
    );
  };
  return (
    <section>
      <h3>{t(texts.documents)}</h3>
      <Shown query={documents} rows={1}>
        {({ items }) =>
          items.length === 0 ? (
            <p className={classes["muted"]}>{t(texts.noDocuments)}</p>
          ) : (
            <ul role="list" className={classes["plainList"]}>
              {items.map(({ id, name, sizeBytes, addedBy, addedAt }) => (
                <li key={id} className={classes["tools"]}>
                  <a href={urlOf("licenses.download-document", { params: { licenseId, documentId: id } })} download>
                    {name}
                  </a>
                  <span className={classes["muted"]}>
                    {t(texts.documentAbout, { size: formatNumber(Math.ceil(sizeBytes / KIB)), by: nameOf(addedBy) })}{" "}
                    <Time value={addedAt} />
                  </span>
                  {canChange && (
                    <Button kind="quiet" onClick={() => setRemoving({ id, name })}>
                      {t(texts.removeDocument, { name })}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      {canChange && (
        <>
          <input
            ref={input}
            type="file"
            hidden
            aria-label={t(texts.addDocument)}
            onChange={(event) => {
              keep(event.target.files?.[0]);
              event.target.value = "";
            }}
          />
          <Button isBusy={add.isPending} onClick={() => input.current?.click()}>
            {t(texts.addDocument)}
          </Button>
        </>
      )}
      {removing && (
        <Confirm
          isOpen
          onClose={() => setRemoving(null)}
          title={t(texts.removeDocumentTitle, { name: removing.name })}
          act={t(texts.removeDocumentAct)}
          isDangerous
          onConfirm={() => remove.mutateAsync({ params: { licenseId, documentId: removing.id } })}
        >
          {t(texts.removeDocumentWhat)}
        </Confirm>
      )}
    </section>
  );
}
