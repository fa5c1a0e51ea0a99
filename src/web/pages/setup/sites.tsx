import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { type AnswerFor, callApi } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { CheckField } from "../../parts/form.tsx";
import { Banner, Failure, Shown } from "../../parts/states.tsx";
import { useMayByRole } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import { ConsentOutcome } from "./consent-outcome.tsx";
import classes from "./page.module.css";
import { StepActs, StepHeading, useGoTo } from "./steps-nav.tsx";
import type { Draft } from "./steps.ts";
import { texts } from "./texts.ts";

type Reachable = AnswerFor<"connections.reachable-sites">["items"][number];

interface Offered {
  /** What is typed to add it, and what it is known by. */
  sourceKey: string;
  name: string;
  baseUrl: string;
  siteId: string | null;
}

/** Which of the sites that the credentials reach are read. */
export function SitesStep({ draft }: { draft: Draft }): ReactNode {
  const reachable = useApi("connections.reachable-sites", { params: { connectionId: draft.id } });
  return (
    <>
      <StepHeading title={texts.sitesTitle} about={texts.sitesAbout} />
      <ConsentOutcome draft={draft} />
      {draft.wantedSites.map(({ typed, problem }) => (
        <Banner key={typed} kind="warn">
          {problem ? t(texts.wantedProblem, { site: typed, problem }) : t(texts.wanted, { site: typed })}
        </Banner>
      ))}
      <Shown query={reachable} rows={3}>
        {({ items, problems }) => (
          <>
            {problems.map((problem) => (
              <Banner key={problem} kind="warn">
                {problem}
              </Banner>
            ))}
            <SitesForm draft={draft} offered={offeredOf(draft, items)} />
          </>
        )}
      </Shown>
    </>
  );
}

/** What is reached now, and what is the draft's already: a token alone does not tell which sites it reaches. */
function offeredOf({ sites }: Draft, reachable: readonly Reachable[]): readonly Offered[] {
  const joined = sites.map(({ id, sourceKey, name, baseUrl }) => ({ siteId: id, sourceKey, name, baseUrl }));
  const keys = new Set(joined.map(({ sourceKey }) => sourceKey));
  const others = reachable.filter(({ sourceKey }) => !keys.has(sourceKey));
  return [...joined, ...others.map(({ sourceKey, name, baseUrl }) => ({ siteId: null, sourceKey, name, baseUrl }))];
}

function SitesForm({ draft, offered }: { draft: Draft; offered: readonly Offered[] }): ReactNode {
  const goTo = useGoTo();
  const queries = useQueryClient();
  const mayByRole = useMayByRole();
  const known = useApi("sites.list", { query: { limit: 200 } }, { enabled: mayByRole("connections:read") });
  const [isBusy, setBusy] = useState(false);
  const [isMissing, setMissing] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  // Before any was joined, what was consented to is what is meant.
  const isFirst = draft.sites.length === 0;

  async function save(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    const chosen = new Set(new FormData(event.currentTarget).getAll("site"));
    setMissing(chosen.size === 0);
    if (chosen.size === 0) return;
    setBusy(true);
    setError(null);
    try {
      await saveSites(draft.id, offered, chosen);
      await queries.invalidateQueries({ queryKey: ["connections"] });
      goTo("groups");
    } catch (thrown) {
      setError(thrown as Error);
      setBusy(false);
    }
  }

  function knownWords({ sourceKey, siteId }: Offered): string | undefined {
    const site = known.data?.items.find((each) => each.sourceKey === sourceKey);
    const others = site?.connections.filter(({ id }) => id !== draft.id) ?? [];
    if (others.length === 0) return siteId === null && site ? t(texts.knownAlone) : undefined;
    return t(texts.known, { connections: others.map(({ name }) => name).join(", ") });
  }

  return (
    <form className={classes["step"]} onSubmit={(event) => void save(event)}>
      {offered.length === 0 ? (
        <p>{t(texts.sitesNone)}</p>
      ) : (
        <fieldset>
          <legend className="aloud">{t(texts.sitesChoose)}</legend>
          {offered.map((site) => (
            <CheckField
              key={site.sourceKey}
              name="site"
              value={site.sourceKey}
              label={site.name}
              hint={[site.baseUrl, knownWords(site)].filter(Boolean).join(". ")}
              defaultChecked={site.siteId !== null || isFirst}
            />
          ))}
        </fieldset>
      )}
      {isMissing && (
        <p className={classes["wrong"]} role="alert">
          {t(texts.needSite)}
        </p>
      )}
      {error && <Failure error={error} />}
      <StepActs step="sites" draft={draft} isBusy={isBusy} />
    </form>
  );
}

/** Adds before it removes, so that there is always one left. */
async function saveSites(
  connectionId: string,
  offered: readonly Offered[],
  chosen: ReadonlySet<FormDataEntryValue>,
): Promise<void> {
  for (const { siteId, sourceKey } of offered) {
    if (siteId !== null || !chosen.has(sourceKey)) continue;
    await callApi("connections.add-site", { params: { connectionId }, body: { site: sourceKey } });
  }
  for (const { siteId, sourceKey } of offered) {
    if (siteId === null || chosen.has(sourceKey)) continue;
    await callApi("connections.remove-site", { params: { connectionId, siteId } });
  }
}
