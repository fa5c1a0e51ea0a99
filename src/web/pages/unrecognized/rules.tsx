import { ArrowDown, ArrowUp, Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { RowOf } from "../../api/call.ts";
import { useApi, useChange } from "../../api/query.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button, IconButton } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { PlainTable, wideCell } from "../../parts/plain-table.tsx";
import { Empty, Shown } from "../../parts/states.tsx";
import { say, sayProblem } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import { formatNumber } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { RuleForm } from "./rule-form.tsx";
import { sayField, sayTransforms } from "./rule-words.ts";
import { texts } from "./texts.ts";

export type Rule = RowOf<"match-rules.list">;

/** As the texts name them: a key of theirs has no hyphen. */
const SOURCES = { "confluence-cloud": "cloud", "confluence-data-center": "dataCenter", any: "any" } as const;

const NOUNS = ["accounts", "people", "overview"];

/** Rules that find the person behind an account, in the order in which they are asked. */
export function Rules(): ReactNode {
  const may = useMay()("people:write");
  const rules = useApi("match-rules.list", { query: { limit: 50 } });
  const [dialog, setDialog] = useState<{ kind: "form"; rule: Rule | null } | { kind: "delete"; rule: Rule } | null>(
    null,
  );
  const order = useChange("match-rules.order", NOUNS);
  const remove = useChange("match-rules.delete", NOUNS);
  const move = (items: readonly Rule[], index: number, by: -1 | 1) => {
    const ids = items.map(({ id }) => id);
    const [moved] = ids.splice(index, 1);
    if (moved === undefined) return;
    ids.splice(index + by, 0, moved);
    order.mutate({ body: { ruleIds: ids } }, { onSuccess: () => say(t(texts.reordered)), onError: sayProblem });
  };
  return (
    <>
      <p className={classes["muted"]}>{t(texts.rulesWhat)}</p>
      {may && (
        <div className={classes["buttons"]}>
          <Button icon={Plus} onClick={() => setDialog({ kind: "form", rule: null })}>
            {t(texts.addRule)}
          </Button>
        </div>
      )}
      <Shown query={rules} rows={4}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t(texts.noRules)}>{t(texts.noRulesWhat)}</Empty>
          ) : (
            <PlainTable label={t(texts.rulesTable)}>
              <thead>
                <tr>
                  {[texts.order, texts.rule, texts.compares, texts.confidence, texts.decides].map((label) => (
                    <th key={label.id} scope="col">
                      {t(label)}
                    </th>
                  ))}
                  {may && <th scope="col">{t(texts.actions)}</th>}
                </tr>
              </thead>
              <tbody>
                {items.map((rule, index) => (
                  <tr key={rule.id}>
                    <td>{formatNumber(index + 1)}</td>
                    <th scope="row" className={wideCell}>
                      {rule.name}
                    </th>
                    <td className={wideCell}>
                      {t(texts.comparesWith, {
                        account: sayField(rule.accountField),
                        person: sayField(rule.personField),
                        source: SOURCES[rule.source ?? "any"],
                      })}
                      <div className={classes["muted"]}>{sayTransforms(rule)}</div>
                    </td>
                    <td>
                      {rule.isEnabled ? (
                        <Badge kind={rule.confidence === "exact" ? "ok" : "info"}>
                          {t(rule.confidence === "exact" ? texts.exact : texts.likely)}
                        </Badge>
                      ) : (
                        <Badge kind="neutral">{t(texts.off)}</Badge>
                      )}
                    </td>
                    <td>{t(texts.accountsCount, { count: rule.accounts })}</td>
                    {may && (
                      <td>
                        <span className={classes["line"]}>
                          <IconButton
                            icon={ArrowUp}
                            label={t(texts.moveUp, { rule: rule.name })}
                            disabled={index === 0}
                            onClick={() => move(items, index, -1)}
                          />
                          <IconButton
                            icon={ArrowDown}
                            label={t(texts.moveDown, { rule: rule.name })}
                            disabled={index === items.length - 1}
                            onClick={() => move(items, index, 1)}
                          />
                          <Button
                            kind="quiet"
                            aria-label={t(texts.editRuleNamed, { rule: rule.name })}
                            onClick={() => setDialog({ kind: "form", rule })}
                          >
                            {t(texts.editRule)}
                          </Button>
                          <Button
                            kind="quiet"
                            aria-label={t(texts.deleteRuleNamed, { rule: rule.name })}
                            onClick={() => setDialog({ kind: "delete", rule })}
                          >
                            {t(texts.deleteRule)}
                          </Button>
                        </span>
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </PlainTable>
          )
        }
      </Shown>
      {dialog?.kind === "form" && (
        <RuleForm rule={dialog.rule} rules={rules.data?.items ?? []} onClose={() => setDialog(null)} />
      )}
      {dialog?.kind === "delete" && (
        <Confirm
          isOpen
          onClose={() => setDialog(null)}
          title={t(texts.deleteRuleTitle, { rule: dialog.rule.name })}
          act={t(texts.deleteRuleAct)}
          isDangerous
          onConfirm={() => remove.mutateAsync({ params: { ruleId: dialog.rule.id } })}
        >
          {t(texts.deleteRuleWhat, { count: dialog.rule.accounts })}
        </Confirm>
      )}
    </>
  );
}
