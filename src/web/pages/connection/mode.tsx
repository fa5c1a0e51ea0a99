import { type ReactNode, useState } from "react";
import { useChange } from "../../api/query.ts";
import { Button } from "../../parts/button.tsx";
import { ModeBadge } from "../../parts/connections/words.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { say, sayProblem } from "../../parts/toast.tsx";
import { useMayByRole, useSession } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import type { Connection } from "./page.tsx";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

/** Whether Usher writes to a site. Only a person with a role lets it, by typing the site's name; taking it back asks nothing. */
export function SiteMode({
  connection,
  site,
}: {
  connection: Connection;
  site: Connection["sites"][number];
}): ReactNode {
  const mayByRole = useMayByRole();
  const { operator } = useSession();
  const [isAsked, setAsked] = useState(false);
  const setMode = useChange("sites.set-mode", ["connections", "overview"]);
  const params = { siteId: site.id };
  const isActing = site.mode === "act";

  async function act(): Promise<void> {
    await setMode.mutateAsync({ params, body: { mode: "act" } });
    say(t(texts.nowActing, { site: site.name }));
  }
  function observe(): void {
    setMode.mutate(
      { params, body: { mode: "observe" } },
      { onSuccess: () => say(t(texts.nowObserving, { site: site.name })), onError: sayProblem },
    );
  }

  return (
    <div className={classes["inline"]}>
      <ModeBadge sites={[site]} />
      <span>{t(isActing ? texts.actWords : texts.observeWords)}</span>
      {mayByRole("connections:write") && connection.state !== "archived" && (
        <>
          {isActing && <Button onClick={observe}>{t(texts.setObserve)}</Button>}
          {!isActing && operator.kind === "person" && <Button onClick={() => setAsked(true)}>{t(texts.setAct)}</Button>}
        </>
      )}
      <Confirm
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        title={t(texts.actTitle, { site: site.name })}
        act={t(texts.actAct)}
        isDangerous
        typed={site.name}
        onConfirm={act}
        command={`usher connection mode ${connection.id} act --site ${site.id}`}
      >
        <p>{t(texts.actAbout)}</p>
      </Confirm>
    </div>
  );
}
