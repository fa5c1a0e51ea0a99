import { type ReactNode, useState } from "react";
import type { RowOf } from "../../api/call.ts";
import { useApi, useChange } from "../../api/query.ts";
import { Confirm } from "../../parts/dialog.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { RadioFields, TextField } from "../../parts/form.tsx";
import { say } from "../../parts/toast.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

export type Account = RowOf<"accounts.list">;
export type Decision = "accept" | "another" | "nobody" | "clear";

interface DecisionProps {
  account: Account;
  onClose: () => void;
}

export function DecisionDialog({ kind, account, onClose }: DecisionProps & { kind: Decision }): ReactNode {
  switch (kind) {
    case "accept":
      return <Accept account={account} onClose={onClose} />;
    case "another":
      return <Another account={account} onClose={onClose} />;
    case "nobody":
      return <Nobody account={account} onClose={onClose} />;
    case "clear":
      return <Clear account={account} onClose={onClose} />;
  }
}

/** Of whom an account is hangs what a person has, costs and does. */
function useMatch() {
  return useChange("accounts.match", ["people", "seats", "overview", "match-rules"]);
}

function Accept({ account, onClose }: DecisionProps): ReactNode {
  const match = useMatch();
  const { candidates = [], candidateNames = [] } = account.match ?? {};
  const person = candidateNames[0] ?? "";
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={t(texts.acceptTitle, { name: account.displayName, person })}
      act={t(texts.acceptAct)}
      command={`usher account match ${account.accountId} --person ${candidates[0] ?? ""}`}
      onConfirm={async () => {
        await match.mutateAsync({
          params: { accountId: account.accountId },
          body: { decision: "set", personId: candidates[0] ?? "" },
        });
        say(t(texts.nowOf, { name: account.displayName, person }));
      }}
    >
      {t(texts.holds, { site: account.site })}
    </Confirm>
  );
}

const FOUND_MAX = 8;

/** Somebody else than a rule proposes: found by a part of the name or e-mail. */
function Another({ account, onClose }: DecisionProps): ReactNode {
  const match = useMatch();
  const [words, setWords] = useState("");
  const [personId, setPersonId] = useState("");
  const { candidates = [], candidateNames = [] } = account.match ?? {};
  const found = useApi("people.list", { query: { q: words, limit: FOUND_MAX } }, { enabled: words.trim().length > 1 });
  const people =
    words.trim().length > 1
      ? (found.data?.items ?? []).map(({ personId: id, name, email }) => ({ value: id, label: name, hint: email }))
      : candidates.map((id, index) => ({ value: id, label: candidateNames[index] ?? id, hint: null }));
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={t(texts.anotherTitle, { name: account.displayName })}
      act={t(texts.anotherAct)}
      onSubmit={async (form) => {
        const reason = String(form.get("reason") ?? "").trim();
        if (personId === "") throw new Error(t(texts.choosePerson));
        await match.mutateAsync({
          params: { accountId: account.accountId },
          body: { decision: "set", personId, reason: reason || null },
        });
        const name = people.find(({ value }) => value === personId)?.label ?? "";
        say(t(texts.nowOf, { name: account.displayName, person: name }));
      }}
    >
      <p className={classes["muted"]}>{t(texts.holds, { site: account.site })}</p>
      <TextField
        name="q"
        type="search"
        label={t(texts.findPerson)}
        hint={t(texts.findPersonHint)}
        autoComplete="off"
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      {people.length > 0 && (
        <RadioFields
          name="personId"
          legend={t(words.trim().length > 1 ? texts.people : texts.proposed)}
          choices={people}
          value={personId}
          onChoose={setPersonId}
        />
      )}
      {words.trim().length > 1 && found.data?.items.length === 0 && <p role="status">{t(texts.nobodyFound)}</p>}
      <TextField name="reason" label={t(texts.reason)} isOptional />
    </FormDialog>
  );
}

/** A service account, a shared one: nobody's, by decision. */
function Nobody({ account, onClose }: DecisionProps): ReactNode {
  const match = useMatch();
  const [kind, setKind] = useState("service");
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={t(texts.nobodyTitle, { name: account.displayName })}
      act={t(texts.nobodyAct)}
      onSubmit={async (form) => {
        const words = String(form.get("reason") ?? "").trim();
        const reason = kind === "service" ? [t(texts.serviceReason), words].filter(Boolean).join(": ") : words;
        await match.mutateAsync({ params: { accountId: account.accountId }, body: { decision: "ignore", reason } });
        say(t(texts.nowNobody, { name: account.displayName }));
      }}
    >
      <p className={classes["muted"]}>{t(texts.nobodyWhat)}</p>
      <RadioFields
        name="kind"
        legend={t(texts.nobodyKind)}
        choices={[
          { value: "service", label: t(texts.service) },
          { value: "other", label: t(texts.otherReason) },
        ]}
        value={kind}
        onChoose={setKind}
      />
      <TextField name="reason" label={t(texts.reason)} isOptional={kind === "service"} />
    </FormDialog>
  );
}

function Clear({ account, onClose }: DecisionProps): ReactNode {
  const match = useMatch();
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={t(texts.clearTitle, { name: account.displayName })}
      act={t(texts.clearAct)}
      onConfirm={() => match.mutateAsync({ params: { accountId: account.accountId }, body: { decision: "clear" } })}
    >
      {t(texts.clearWhat, { reason: account.match?.reason ?? "none" })}
    </Confirm>
  );
}
