import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useApi } from "../../api/query.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Banner, Empty } from "../../parts/states.tsx";
import type { Column, Filter } from "../../parts/table/table-types.ts";
import { DataTable } from "../../parts/table/table.tsx";
import { Time } from "../../parts/time.tsx";
import { useMay } from "../../shell/session.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { NONE } from "../../text/format.ts";
import { Rich } from "../../text/rich.tsx";
import { t } from "../../text/t.ts";
import { type Account, type Decision, DecisionDialog } from "./decide.tsx";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

const OPEN_SITUATIONS = ["unmatched", "ambiguous", "conflicting"] as const;
const SITUATIONS = [...OPEN_SITUATIONS, "matched", "ignored"] as const;

const SITUATION_LABELS = {
  unmatched: texts.unmatched,
  ambiguous: texts.ambiguous,
  conflicting: texts.conflicting,
  matched: texts.isMatched,
  ignored: texts.ignored,
} as const;

/** Accounts behind which nobody, several people, or a person with another account of the site was found. */
export function Accounts(): ReactNode {
  const may = useMay()("people:write");
  const { state } = useUrlState();
  const sites = useApi("sites.list", { query: { limit: 200 } });
  const rules = useApi("match-rules.list", { query: { limit: 50 } });
  const [decision, setDecision] = useState<{ kind: Decision; account: Account } | null>(null);
  const ruleNames = new Map(rules.data?.items.map(({ id, name }) => [id, name]));
  const filters: readonly Filter[] = [
    {
      id: "situation",
      label: texts.situation,
      kind: "choices",
      choices: SITUATIONS.map((value) => ({ value, label: t(SITUATION_LABELS[value]) })),
    },
    {
      id: "siteId",
      label: texts.site,
      kind: "choice",
      choices: (sites.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
    },
  ];
  return (
    <>
      <NobodyTold />
      <DataTable
        list="accounts.list"
        label={t(texts.accountsTable)}
        columns={[
          ...COLUMNS,
          {
            id: "guess",
            label: texts.bestGuess,
            width: 170,
            cell: (account) => <Guess account={account} rule={ruleNames.get(account.match?.ruleId ?? "") ?? null} />,
          },
          ...(may
            ? [
                {
                  id: "actions",
                  label: texts.actions,
                  width: 354,
                  cell: (account: Account) => (
                    <Actions account={account} onDo={(kind) => setDecision({ kind, account })} />
                  ),
                },
              ]
            : []),
        ]}
        rowId={({ accountId }) => accountId}
        rowName={({ displayName }) => displayName}
        filters={filters}
        query={state["situation"] === undefined ? { situation: OPEN_SITUATIONS } : {}}
        isSearchable
        empty={<Empty title={t(texts.everything)}>{t(texts.everyAccount)}</Empty>}
      />
      {decision && <DecisionDialog kind={decision.kind} account={decision.account} onClose={() => setDecision(null)} />}
    </>
  );
}

const COLUMNS: readonly Column<Account>[] = [
  {
    id: "account",
    label: texts.account,
    width: 220,
    sort: "name",
    cell: ({ displayName, email, sourceId, personId }) => (
      <>
        <Link to="/people" search={{ open: personId, q: displayName } as never}>
          {displayName}
        </Link>
        <div className={classes["muted"]}>{email ?? sourceId}</div>
      </>
    ),
  },
  { id: "site", label: texts.seenIn, width: 96, cell: ({ site }) => site },
  {
    id: "situation",
    label: texts.situation,
    width: 146,
    cell: ({ match }) =>
      match === null ? (
        NONE
      ) : (
        <Badge kind={match.situation === "unmatched" ? "neutral" : match.situation === "matched" ? "ok" : "warn"}>
          {t(SITUATION_LABELS[match.situation])}
        </Badge>
      ),
  },
  {
    id: "last",
    label: texts.lastActivity,
    width: 130,
    sort: "lastActivityAt",
    isHiddenFirst: true,
    cell: ({ lastActivityAt }) => <Time value={lastActivityAt} />,
  },
];

/** Whom a rule proposes and why; what it could not tell is said, and nothing is guessed. */
function Guess({ account: { match }, rule }: { account: Account; rule: string | null }): ReactNode {
  if (match === null || match.candidateNames.length === 0) {
    return <span className={classes["muted"]}>{match?.reason ?? t(texts.noGuess)}</span>;
  }
  const names = match.candidateNames.join(", ");
  return (
    <>
      {names}
      <div className={classes["muted"]}>
        {t(match.candidates.length > 1 ? texts.whySeveral : texts.whyOne, {
          rule: rule ?? "",
          count: match.candidates.length,
        })}
      </div>
    </>
  );
}

function Actions({ account, onDo }: { account: Account; onDo: (kind: Decision) => void }): ReactNode {
  const name = account.displayName;
  const isByHand = account.match?.method === "manual";
  if (isByHand) {
    return (
      <Button kind="quiet" aria-label={t(texts.clearNamed, { name })} onClick={() => onDo("clear")}>
        {t(texts.clear)}
      </Button>
    );
  }
  const guess = account.match?.candidateNames;
  return (
    <span className={classes["buttons"]}>
      {guess?.length === 1 && (
        <Button aria-label={t(texts.acceptNamed, { name, person: guess[0] ?? "" })} onClick={() => onDo("accept")}>
          {t(texts.accept)}
        </Button>
      )}
      <Button kind="quiet" aria-label={t(texts.anotherNamed, { name })} onClick={() => onDo("another")}>
        {t(texts.another)}
      </Button>
      <Button kind="quiet" aria-label={t(texts.nobodyNamed, { name })} onClick={() => onDo("nobody")}>
        {t(texts.nobodys)}
      </Button>
    </span>
  );
}

/** Before any file told of people, every account is a person of its own: nobody could have been matched. */
function NobodyTold(): ReactNode {
  const imports = useApi("imports.list", { query: { kind: "people", state: "applied", limit: 1 } });
  if (imports.data === undefined || imports.data.items.length > 0) return null;
  return (
    <Banner kind="info">
      <Rich
        text={texts.nobodyTold}
        parts={{ people: (words) => <Link to="/people">{words}</Link>, command: (words) => <code>{words}</code> }}
      />
    </Banner>
  );
}
