import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { type AnswerFor, callApi } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { CheckField, TextField } from "../../parts/form.tsx";
import { Banner, Failure, Shown } from "../../parts/states.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { StepActs, StepHeading, useGoTo } from "./steps-nav.tsx";
import type { Draft } from "./steps.ts";
import { texts } from "./texts.ts";

type Detected = AnswerFor<"connections.detected-groups">;
type Group = Detected["items"][number];
type SiteOfDraft = Draft["sites"][number];

/** Which groups give a seat: found just now, ticked, with their counts. One that is left out needs a reason. */
export function GroupsStep({ draft }: { draft: Draft }): ReactNode {
  const goTo = useGoTo();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);

  async function save(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      for (const { id } of draft.sites) await saveDecisions(draft.id, id, form);
      await queries.invalidateQueries({ queryKey: ["connections"] });
      goTo("check");
    } catch (thrown) {
      setError(thrown as Error);
      setBusy(false);
    }
  }

  return (
    <form className={classes["step"]} noValidate onSubmit={(event) => void save(event)}>
      <StepHeading title={texts.groupsTitle} about={texts.groupsAbout} />
      {draft.sites.map((site) => (
        <GroupsOfSite key={site.id} draft={draft} site={site} />
      ))}
      {error && <Failure error={error} />}
      <StepActs step="groups" draft={draft} isBusy={isBusy} />
    </form>
  );
}

function GroupsOfSite({ draft, site }: { draft: Draft; site: SiteOfDraft }): ReactNode {
  const groups = useApi("connections.detected-groups", { params: { connectionId: draft.id, siteId: site.id } });
  return (
    <section className={classes["part"]} aria-label={t(texts.groupsSite, { site: site.name })}>
      <h3>{site.name}</h3>
      <Shown query={groups} rows={2}>
        {({ items, problem }) => (
          <>
            {problem && <Banner kind="warn">{t(texts.groupsFailed, { site: site.name, problem })}</Banner>}
            {!problem && items.length === 0 && <p>{t(texts.groupsNone, { site: site.name })}</p>}
            {items.map((group) => (
              <GroupChoice key={group.sourceId} site={site} group={group} />
            ))}
          </>
        )}
      </Shown>
    </section>
  );
}

function GroupChoice({ site, group }: { site: SiteOfDraft; group: Group }): ReactNode {
  const [isManaged, setManaged] = useState(group.decision !== "dropped");
  const { sourceId, name, reason, access, managedBy } = group;
  const about = [
    membersOf(group),
    access.includes("admin") && t(texts.groupAdmin),
    managedBy === "external" && t(texts.groupExternal),
  ].filter((each) => each !== false);
  return (
    <div>
      <input type="hidden" name={nameOf("found", site.id)} value={sourceId} />
      <CheckField
        name={nameOf("managed", site.id)}
        value={sourceId}
        label={name}
        hint={about.join(", ")}
        checked={isManaged}
        onChange={({ target }) => setManaged(target.checked)}
      />
      {!isManaged && (
        <TextField
          name={nameOf("reason", site.id, sourceId)}
          label={t(texts.whyNot, { name })}
          defaultValue={reason ?? ""}
          required
        />
      )}
    </div>
  );
}

function membersOf({ members, isAllCounted }: Group): string {
  if (members === null) return t(texts.groupUncounted);
  return t(isAllCounted ? texts.group : texts.groupMore, { members });
}

function nameOf(...parts: readonly string[]): string {
  return parts.join(" ");
}

/** Says of each site what was left out and why; the server confirms the others. */
async function saveDecisions(connectionId: string, siteId: string, form: FormData): Promise<void> {
  const found = form.getAll(nameOf("found", siteId));
  if (found.length === 0) return;
  const managed = new Set(form.getAll(nameOf("managed", siteId)));
  const drop = found
    .filter((sourceId) => !managed.has(sourceId))
    .map((sourceId) => ({ sourceId, reason: form.get(nameOf("reason", siteId, String(sourceId))) }));
  await callApi("connections.decide-detected-groups", { params: { connectionId, siteId }, body: { drop } });
}
