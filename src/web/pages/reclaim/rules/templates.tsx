import type { ReactNode } from "react";
import type { AnswerFor } from "../../../api/call.ts";
import { Button } from "../../../parts/button.tsx";
import type { Text } from "../../../text/define.ts";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { type Condition, draftOf, type RuleDraft, type Settings } from "./draft.ts";
import { editorTexts as texts } from "./texts.ts";

type Kinds = AnswerFor<"reclamation-conditions.list">;
type TemplateId = "idle90" | "never45" | "left" | "partners";

interface Template {
  name: Text;
  what: Text;
  condition: Condition;
  settings?: (usual: Settings) => Settings;
}

const TEMPLATES: Readonly<Record<TemplateId, Template>> = {
  idle90: { name: texts.idle90, what: texts.idle90What, condition: { is: "idle", days: 90 } },
  never45: { name: texts.never45, what: texts.never45What, condition: { is: "never-used", grantedDays: 45 } },
  left: {
    name: texts.left,
    what: texts.leftWhat,
    condition: { is: "person-left" },
    settings: (usual) => ({
      ...usual,
      checkIn: { ...usual.checkIn, asked: "nobody", silentReason: t(texts.leftReason) },
    }),
  },
  partners: {
    name: texts.partners,
    what: texts.partnersWhat,
    condition: { all: [{ is: "idle", days: 30 }, { is: "outsider" }] },
  },
};

/** The usual settings with what the template says. */
export function templateDraft(id: TemplateId, kinds: Kinds): RuleDraft {
  const { name, condition, settings } = TEMPLATES[id];
  return draftOf({
    name: t(name),
    siteIds: null,
    condition,
    settings: settings ? settings(kinds.settings) : kinds.settings,
  });
}

/** What a new rule may begin with; each can be changed before it is saved. */
export function Templates({ kinds, onChoose }: { kinds: Kinds; onChoose: (draft: RuleDraft) => void }): ReactNode {
  return (
    <fieldset>
      <legend className={classes["legend"]}>{t(texts.template)}</legend>
      <div className={classes["row"]}>
        {(Object.keys(TEMPLATES) as TemplateId[]).map((id) => (
          <Button key={id} title={t(TEMPLATES[id].what)} onClick={() => onChoose(templateDraft(id, kinds))}>
            {t(TEMPLATES[id].name)}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
