import { type ReactNode, useState } from "react";
import { useChange } from "../../../api/query.ts";
import { Button } from "../../../parts/button.tsx";
import { TextArea, TextField } from "../../../parts/form.tsx";
import { FormDialog } from "../../../parts/form-dialog.tsx";
import { say } from "../../../parts/toast.tsx";
import type { Text } from "../../../text/define.ts";
import { t } from "../../../text/t.ts";
import { type Candidate, verbsOf } from "./states.ts";
import { decideTexts as texts } from "./texts.ts";

type Verb = ReturnType<typeof verbsOf>[number];

const WORDS: Readonly<Record<Verb, Record<"button" | "title" | "effect" | "act", Text>>> = {
  take: { button: texts.take, title: texts.takeTitle, effect: texts.takeEffect, act: texts.takeAct },
  ask: { button: texts.ask, title: texts.askTitle, effect: texts.askEffect, act: texts.askAct },
  keep: { button: texts.keep, title: texts.keepTitle, effect: texts.keepEffect, act: texts.keepAct },
  cancel: { button: texts.cancel, title: texts.cancelTitle, effect: texts.cancelEffect, act: texts.cancelAct },
  retry: { button: texts.retry, title: texts.retryTitle, effect: texts.retryEffect, act: texts.retryAct },
};
const NEEDS_REASON: readonly Verb[] = ["keep", "cancel"];
/** The API decides so many at once. */
const AT_ONCE = 200;

/** What can be decided of all of these. */
export function DecideButtons({ candidates }: { candidates: readonly Candidate[] }): ReactNode {
  const [verb, setVerb] = useState<Verb | null>(null);
  const verbs = (Object.keys(WORDS) as Verb[]).filter((each) => candidates.some((one) => verbsOf(one).includes(each)));
  return (
    <>
      {verbs.map((each) => (
        <Button key={each} onClick={() => setVerb(each)}>
          {t(WORDS[each].button)}
        </Button>
      ))}
      {verb && (
        <DecideDialog
          verb={verb}
          candidates={candidates.filter((each) => verbsOf(each).includes(verb))}
          onClose={() => setVerb(null)}
        />
      )}
    </>
  );
}

function DecideDialog({
  verb,
  candidates,
  onClose,
}: {
  verb: Verb;
  candidates: readonly Candidate[];
  onClose: () => void;
}): ReactNode {
  const words = WORDS[verb];
  const count = candidates.length;
  const decide = useDecision(verb, candidates);
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={t(words.title, { count, name: candidates[0]?.name ?? "" })}
      act={t(words.act, { count })}
      onSubmit={decide}
    >
      <p>{t(words.effect)}</p>
      <TextArea name="reason" label={t(texts.reason)} isOptional={!NEEDS_REASON.includes(verb)} maxLength={500} />
      {verb === "keep" && (
        <TextField name="until" type="date" label={t(texts.until)} hint={t(texts.untilHint)} isOptional />
      )}
    </FormDialog>
  );
}

/** One by its revision, so that nobody decides over what they have not seen; several each by itself. */
function useDecision(verb: Verb, candidates: readonly Candidate[]): (form: FormData) => Promise<void> {
  const nouns = ["seats", "people", "overview", "reclamation-rules"];
  const one = useChange("candidates.decide", nouns);
  const many = useChange("candidates.decide-many", nouns);
  return async (form) => {
    const until = String(form.get("until") ?? "");
    const reason = String(form.get("reason") ?? "").trim();
    const body = { verb, reason: reason === "" ? null : reason, until: until === "" ? null : `${until}T00:00:00Z` };
    const [first, ...others] = candidates;
    if (first && others.length === 0) {
      await one.mutateAsync({ params: { candidateId: first.candidateId }, body, ifMatch: first.revision });
      say(t(texts.done, { count: 1 }));
      return;
    }
    const answers = [];
    for (let at = 0; at < candidates.length; at += AT_ONCE) {
      const candidateIds = candidates.slice(at, at + AT_ONCE).map(({ candidateId }) => candidateId);
      answers.push(await many.mutateAsync({ body: { ...body, candidateIds } }));
    }
    const decided = answers.reduce((sum, each) => sum + each.decided, 0);
    const problems = answers.flatMap(({ items }) => items.flatMap(({ problem }) => (problem ? [problem.says] : [])));
    say(t(texts.done, { count: decided }));
    if (problems.length > 0) {
      throw new Error(t(texts.notDone, { count: problems.length, why: [...new Set(problems)].join(" ") }));
    }
  };
}
