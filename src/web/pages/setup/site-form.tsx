import { useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { type AnswerFor, ApiProblem, callApi } from "../../api/call.ts";
import { useApi } from "../../api/query.ts";
import { Button, IconButton } from "../../parts/button.tsx";
import { SOURCES } from "../../parts/connections/words.tsx";
import { FormErrors, TextField } from "../../parts/form.tsx";
import { Banner, Failure } from "../../parts/states.tsx";
import { sayProblem } from "../../parts/toast.tsx";
import { useMayByRole } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import { hasFirstName, makeDraft } from "./capabilities.tsx";
import classes from "./page.module.css";
import { useGoTo } from "./steps-nav.tsx";
import type { Draft } from "./steps.ts";
import { texts } from "./texts.ts";

type Understood = AnswerFor<"sources.understand-site">["items"][number];

const TYPING_MS = 300;

/** A site by its name, host or any page's address; what Usher understands of it is said while it is typed. */
export function SiteForm({ draft }: { draft: Draft }): ReactNode {
  const queries = useQueryClient();
  const [typed, setTyped] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const understood = useUnderstood(typed);
  const mayByRole = useMayByRole();
  const known = useApi("sites.list", { query: { limit: 200 } }, { enabled: mayByRole("connections:read") });

  async function add(event: FormEvent): Promise<void> {
    event.preventDefault();
    const site = typed.trim();
    if (isBusy || site === "") return;
    setBusy(true);
    setError(null);
    try {
      await callApi("connections.add-site", { params: { connectionId: draft.id }, body: { site } });
      await nameAfter(
        draft,
        understood.items.find(({ source }) => source === draft.source),
      );
      setTyped("");
      await queries.invalidateQueries({ queryKey: ["connections"] });
    } catch (thrown) {
      setError(thrown as Error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <SitesOfDraft draft={draft} />
      <form className={classes["form"]} onSubmit={(event) => void add(event)} noValidate>
        <FormErrors problem={error}>
          <TextField
            name="site"
            label={t(texts.site)}
            hint={t(texts.siteHint)}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            list="known-sites"
            autoComplete="off"
            spellCheck={false}
          />
        </FormErrors>
        <datalist id="known-sites">
          {known.data?.items
            .filter(({ source }) => source === draft.source)
            .map(({ id, name, baseUrl }) => (
              <option key={id} value={baseUrl}>
                {name}
              </option>
            ))}
        </datalist>
        <div role="status">
          {understood.problem && <p className={classes["wrong"]}>{understood.problem}</p>}
          {understood.items.slice(0, 1).map((each) => (
            <Echo key={each.source} of={each} draft={draft} typed={typed} />
          ))}
        </div>
        {error && !(error instanceof ApiProblem && error.problem.errors.length > 0) && <Failure error={error} />}
        <div>
          <Button type="submit" isBusy={isBusy}>
            {t(texts.addSite)}
          </Button>
        </div>
      </form>
    </>
  );
}

/** What was typed, as each source understands it; asked once one stops typing. */
function useUnderstood(typed: string): { items: readonly Understood[]; problem: string | null } {
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const [found, setFound] = useState<{ of: string; items: readonly Understood[]; problem: string | null } | null>(null);
  useEffect(() => {
    if (settled === "") return;
    const stop = new AbortController();
    callApi("sources.understand-site", { body: { typed: settled }, signal: stop.signal }).then(
      ({ items }) => setFound({ of: settled, items, problem: null }),
      (thrown: unknown) => {
        if (thrown instanceof ApiProblem) setFound({ of: settled, items: [], problem: thrown.problem.detail });
      },
    );
    return () => stop.abort();
  }, [settled]);
  return found && found.of === typed.trim() ? found : { items: [], problem: null };
}

function Echo({
  of: { source, says, known },
  draft,
  typed,
}: {
  of: Understood;
  draft: Draft;
  typed: string;
}): ReactNode {
  const goTo = useGoTo();
  const mayByRole = useMayByRole();
  async function switchSource(): Promise<void> {
    const id = await makeDraft(source, draft.capabilities);
    await callApi("connections.add-site", { params: { connectionId: id }, body: { site: typed.trim() } });
    await callApi("connections.archive", { params: { connectionId: draft.id } });
    goTo("connect", id);
  }
  const names = known?.connections.map(({ name }) => name).join(", ") ?? "";
  return (
    <>
      <p>{t(texts.understood, { says })}</p>
      {known && <p>{names === "" ? t(texts.knownAlone) : t(texts.known, { connections: names })}</p>}
      {source !== draft.source && (
        <Banner
          kind="warn"
          action={
            // Another source is another connection, which only a role makes.
            mayByRole("connections:write") && (
              <Button onClick={() => void switchSource().catch(sayProblem)}>
                {t(texts.switchSource, { source: t(SOURCES[source]) })}
              </Button>
            )
          }
        >
          {t(texts.otherSource, { source: t(SOURCES[source]), own: t(SOURCES[draft.source]) })}
        </Banner>
      )}
    </>
  );
}

/** A draft without a name of its own is called as its first site. A name that is taken leaves it as it is. */
async function nameAfter(draft: Draft, site: Understood | undefined): Promise<void> {
  const name = site?.known?.name ?? site?.siteName;
  if (!name || !hasFirstName(draft)) return;
  const params = { connectionId: draft.id };
  try {
    // Adding a site counts as a change, so the revision is read anew.
    const { revision } = await callApi("connections.get", { params });
    await callApi("connections.change", { params, body: { name }, ifMatch: revision });
  } catch (thrown) {
    if (!(thrown instanceof ApiProblem)) throw thrown;
  }
}

function SitesOfDraft({ draft }: { draft: Draft }): ReactNode {
  const queries = useQueryClient();
  if (draft.sites.length + draft.wantedSites.length === 0) return null;
  async function forget(typed: string): Promise<void> {
    await callApi("connections.remove-wanted-site", { params: { connectionId: draft.id }, query: { site: typed } });
    await queries.invalidateQueries({ queryKey: ["connections"] });
  }
  return (
    <ul role="list" className={classes["list"]}>
      {draft.sites.map(({ id, name, baseUrl }) => (
        <li key={id}>{t(texts.joined, { name, address: baseUrl })}</li>
      ))}
      {draft.wantedSites.map(({ typed, problem }) => (
        <li key={typed}>
          {problem ? t(texts.wantedProblem, { site: typed, problem }) : t(texts.wanted, { site: typed })}
          <IconButton icon={X} label={t(texts.removeSite, { site: typed })} onClick={() => void forget(typed)} />
        </li>
      ))}
    </ul>
  );
}
