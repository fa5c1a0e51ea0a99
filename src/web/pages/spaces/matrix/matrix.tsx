import { Link } from "@tanstack/react-router";
import { type ReactNode, useId, useState } from "react";
import { useApi } from "../../../api/query.ts";
import form from "../../../parts/form.module.css";
import { type Pick, Picker } from "../../../parts/picker.tsx";
import { useUrlState } from "../../../shell/url-state.ts";
import { t } from "../../../text/t.ts";
import { ByPermission } from "./by-permission.tsx";
import { EffectiveInSpace, GivenInSpace } from "./by-space.tsx";
import { ByWho } from "./by-who.tsx";
import classes from "./matrix.module.css";
import { gridColumn, rightName, SYMBOLS } from "./mark-cell.tsx";
import { COLUMNS } from "./operations.ts";
import { matrixTexts as texts } from "./texts.ts";

const LENSES = ["space", "who", "permission"] as const;
const LENS_LABELS = { space: texts.lensSpace, who: texts.lensWho, permission: texts.lensPermission };

/** Who can do what: in one space, of one person or group in all spaces, or who holds one right. */
export function Matrix({ space }: { space: { id: string; name: string } | null }): ReactNode {
  const { state, change } = useUrlState();
  const lens = LENSES.find((each) => each === state["lens"]) ?? (space ? "space" : "who");
  const isDirect = state["rights"] === "direct";
  const asOf = state["asof"] ?? null;
  return (
    <div className={classes["matrix"]}>
      <div className={classes["tools"]}>
        <Choice
          label={t(texts.lens)}
          value={lens}
          choices={LENSES.map((value) => ({ value, label: t(LENS_LABELS[value]) }))}
          onChoose={(value) => change({ lens: value })}
        />
        {lens !== "permission" && (
          <Choice
            label={t(texts.mode)}
            value={isDirect ? "direct" : "effective"}
            choices={[
              { value: "effective", label: t(lens === "space" ? texts.effective : texts.effectiveOf) },
              { value: "direct", label: t(lens === "space" ? texts.direct : texts.directOf) },
            ]}
            onChoose={(value) => change({ rights: value === "direct" ? "direct" : null })}
          />
        )}
        {lens === "who" && <WhoPicker />}
        {lens === "permission" && <RightChoice />}
      </div>
      <Lens lens={lens} space={space} isDirect={isDirect} asOf={asOf} />
      <p className={classes["legend"]}>
        <span>
          {SYMBOLS.direct} {t(texts.legendDirect)}
        </span>
        <span>
          {SYMBOLS.group} {t(texts.legendGroup)}
        </span>
        <span>
          {SYMBOLS.everyone} {t(texts.legendEveryone)}
        </span>
        <span>
          {SYMBOLS.none} {t(texts.legendNone)}
        </span>
        <span>{t(texts.keys)}</span>
      </p>
    </div>
  );
}

function Lens({
  lens,
  space,
  isDirect,
  asOf,
}: {
  lens: (typeof LENSES)[number];
  space: { id: string; name: string } | null;
  isDirect: boolean;
  asOf: string | null;
}): ReactNode {
  const { state } = useUrlState();
  const who = useWho();
  if (lens === "space") {
    if (!space) {
      return (
        <p>
          {t(texts.chooseSpace)} <Link to={"/spaces" as string}>{t(texts.toSpaces)}</Link>
        </p>
      );
    }
    const Rights = isDirect ? GivenInSpace : EffectiveInSpace;
    return <Rights spaceId={space.id} space={space.name} asOf={asOf} />;
  }
  if (lens === "who") {
    if (!who) return state["who"] === undefined && <p>{t(texts.chooseWho)}</p>;
    return <ByWho who={who.id} name={who.label} isDirect={isDirect} asOf={asOf} />;
  }
  const right = chosenRight(state["right"]);
  return <ByPermission right={right} name={rightName(gridColumn(right))} asOf={asOf} />;
}

function chosenRight(id: string | undefined) {
  const right = COLUMNS.find((each) => each.id === id) ?? COLUMNS.at(-1);
  if (!right) throw new Error("The matrix has columns.");
  return right;
}

function RightChoice(): ReactNode {
  const { state, change } = useUrlState();
  return (
    <Choice
      label={t(texts.permission)}
      value={chosenRight(state["right"]).id}
      choices={COLUMNS.map((column) => ({ value: column.id, label: rightName(gridColumn(column)) }))}
      onChoose={(value) => change({ right: value })}
    />
  );
}

/** The person or group that the address names. */
function useWho(): Pick | null {
  const id = useUrlState().state["who"];
  const isGroup = id?.startsWith("group_") ?? false;
  const group = useApi("groups.get", { params: { groupId: id ?? "" } }, { enabled: id !== undefined && isGroup });
  const person = useApi("people.get", { params: { personId: id ?? "" } }, { enabled: id !== undefined && !isGroup });
  if (id === undefined) return null;
  if (isGroup) return group.data?.groupId === id ? { id, label: group.data.name, detail: group.data.site } : null;
  return person.data?.personId === id ? { id, label: person.data.name, detail: null } : null;
}

function WhoPicker(): ReactNode {
  const { change } = useUrlState();
  const who = useWho();
  const [words, setWords] = useState("");
  const found = useApi("search.all", { query: { q: words } }, { enabled: words.trim() !== "" });
  const picks = (found.data?.found ?? [])
    .filter(({ kind }) => kind === "person" || kind === "group")
    .flatMap(({ items }) => items.map(({ id, label, detail }) => ({ id, label, detail })));
  return (
    <Picker
      label={t(texts.person)}
      value={who}
      found={words.trim() === "" ? [] : picks}
      isBusy={found.isFetching}
      onType={setWords}
      onPick={({ id }) => change({ who: id })}
    />
  );
}

function Choice({
  label,
  value,
  choices,
  onChoose,
}: {
  label: string;
  value: string;
  choices: readonly { value: string; label: string }[];
  onChoose: (value: string) => void;
}): ReactNode {
  const id = useId();
  return (
    <div className={classes["choice"]}>
      <label htmlFor={id}>{label}</label>
      <select id={id} className={form["control"]} value={value} onChange={(event) => onChoose(event.target.value)}>
        {choices.map((each) => (
          <option key={each.value} value={each.value}>
            {each.label}
          </option>
        ))}
      </select>
    </div>
  );
}
