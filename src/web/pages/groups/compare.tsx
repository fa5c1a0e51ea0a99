import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Picker } from "../../parts/picker.tsx";
import { Shown } from "../../parts/states.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Comparison = AnswerFor<"groups.compare">;
type Compared = Comparison["people"];
type Side = Compared["items"][number]["side"];

/** What this group and another have in common, and what only one of them has. */
export function Compare({ group }: { group: AnswerFor<"groups.get"> }): ReactNode {
  const { state, change } = useUrlState();
  const other = state["with"];
  const comparison = useApi(
    "groups.compare",
    { query: { one: group.groupId, other } },
    { enabled: other !== undefined && other !== group.groupId },
  );
  const isOf = comparison.data?.other.groupId === other && comparison.data?.one.groupId === group.groupId;
  const [words, setWords] = useState("");
  const found = useApi("groups.list", { query: { q: words, limit: 20 } }, { enabled: words.trim() !== "" });
  const picks = (found.data?.items ?? []).filter(({ groupId }) => groupId !== group.groupId);
  const chosen = isOf ? comparison.data?.other : null;
  return (
    <div className={classes["tab"]}>
      <Picker
        label={t(texts.compareWith)}
        value={chosen ? { id: chosen.groupId, label: chosen.name, detail: chosen.site } : null}
        found={
          words.trim() === ""
            ? []
            : picks.map(({ groupId, name, site }) => ({ id: groupId, label: name, detail: site }))
        }
        isBusy={found.isFetching}
        onType={setWords}
        onPick={({ id }) => change({ with: id })}
      />
      {other !== undefined && (
        <Shown query={isOf || comparison.error ? comparison : { ...comparison, data: undefined }}>
          {(data) => (
            <>
              <Half title={t(texts.people)} compared={data.people} comparison={data} base="/people" />
              <Half title={t(texts.spaces)} compared={data.spaces} comparison={data} base="/spaces" />
            </>
          )}
        </Shown>
      )}
    </div>
  );
}

function Half({
  title,
  compared,
  comparison: { one, other },
  base,
}: {
  title: string;
  compared: Compared;
  comparison: Comparison;
  base: string;
}): ReactNode {
  const sides: readonly { side: Side; label: string }[] = [
    { side: "one", label: t(texts.only, { group: one.name, count: compared.counts.one }) },
    { side: "both", label: t(texts.both, { count: compared.counts.both }) },
    { side: "other", label: t(texts.only, { group: other.name, count: compared.counts.other }) },
  ];
  return (
    <section>
      <h2>{title}</h2>
      <div className={classes["sides"]}>
        {sides.map(({ side, label }) => {
          const items = compared.items.filter((each) => each.side === side);
          const rest = compared.counts[side] - items.length;
          return (
            <div key={side} className={classes["side"]}>
              <h3>{label}</h3>
              <ul role="list">
                {items.map(({ id, name }) => (
                  <li key={id}>
                    <Link to={`${base}/${id}` as string}>{name}</Link>
                  </li>
                ))}
              </ul>
              {rest > 0 && <p>{t(texts.rest, { count: rest })}</p>}
            </div>
          );
        })}
      </div>
    </section>
  );
}
