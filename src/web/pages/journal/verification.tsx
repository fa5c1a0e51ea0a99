import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CircleX } from "lucide-react";
import { type ReactNode, useState } from "react";
import { type AnswerFor, callApi } from "../../api/call.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { Field } from "../../parts/form.tsx";
import { useNow } from "../../parts/time.tsx";
import { say } from "../../parts/toast.tsx";
import { formatRelative } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { texts } from "./texts.ts";

const KEY = ["journal-verification"];

/** How the chain was when it was last verified in this window; it is when the page is first opened. */
export function ChainState(): ReactNode {
  const now = useNow();
  const verified = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => callApi("journal.verify", { signal }),
    // Every entry is hashed for it.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  if (verified.isError) return <Badge kind="warn">{t(texts.notVerified)}</Badge>;
  if (!verified.data) return <span role="status">{t(texts.verifying)}</span>;
  const { intact, checked, brokenAt, reason, proven } = verified.data;
  if (!intact) {
    return (
      <Badge kind="danger" icon={CircleX}>
        {t(texts.broken, { seq: brokenAt ?? checked, reason: reason ?? "" })}
      </Badge>
    );
  }
  return (
    <>
      <Badge kind="ok" icon={CircleCheck}>
        {t(texts.verified, {
          seq: checked,
          when: formatRelative(new Date(Math.min(verified.dataUpdatedAt, now.getTime())), now),
        })}
      </Badge>
      {proven && <span>{t(texts.verifiedProven, { seq: proven.seq, place: proven.place })}</span>}
    </>
  );
}

/** "Verify…": again, and against checkpoints that were kept elsewhere. */
export function Verify(): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();

  async function verify(form: FormData): Promise<void> {
    const file = form.get("checkpoints");
    const found = await (file instanceof File && file.size > 0
      ? callApi("journal.verify-against", { body: { checkpoints: readCheckpoints(await file.text()) } })
      : callApi("journal.verify"));
    queries.setQueryData<AnswerFor<"journal.verify">>(KEY, found);
    if (found.intact) say(t(texts.verifyIntact, { checked: found.checked }));
  }

  return (
    <>
      <Button onClick={() => setOpen(true)}>{t(texts.verify)}</Button>
      <FormDialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={t(texts.verifyTitle)}
        act={t(texts.verifyAct)}
        onSubmit={verify}
      >
        <p>{t(texts.verifyBody)}</p>
        <Field name="checkpoints" label={t(texts.verifyFile)} hint={t(texts.verifyFileHint)} isOptional>
          {(control) => <input type="file" accept=".jsonl,.json,.txt,.log" {...control} />}
        </Field>
      </FormDialog>
    </>
  );
}

/** The newest prove the most; so many the server takes. */
const SENT_MAX = 1000;

/** Checkpoints of a file, one JSON object a line. */
function readCheckpoints(text: string): object[] {
  const lines = text.split("\n").map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const read = lines.filter(({ line }) => line !== "").map(({ line, number }) => checkpointOf(line, number));
  return read.slice(-SENT_MAX);
}

function checkpointOf(line: string, number: number): object {
  try {
    const { seq, hash, at, keyId, publicKey, signature } = JSON.parse(line) as Record<string, unknown>;
    return { seq, hash, at, keyId, publicKey, signature };
  } catch (cause) {
    throw new Error(t(texts.verifyBadLine, { line: number }), { cause });
  }
}
