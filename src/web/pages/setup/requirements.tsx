import type { ReactNode } from "react";
import type { AnswerFor } from "../../api/call.ts";
import { KINDS } from "../../parts/connections/credential-form.tsx";
import { CAPABILITY_WORDS } from "../../parts/connections/words.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type Needs = AnswerFor<"sources.requirements">;

/** The exact scopes and least roles for what is chosen, in words, by kind of credential; and what is kept because of it. */
export function Requirements({ of: { credentials, capabilities } }: { of: Needs }): ReactNode {
  return (
    <div className={classes["part"]}>
      <p>{t(texts.needsAbout)}</p>
      {credentials.map((credential) => (
        <details key={credential.kind} className={classes["details"]}>
          <summary>
            {t(KINDS[credential.kind])}
            {!credential.isEnough && <span className={classes["muted"]}> {t(texts.beside)}</span>}
          </summary>
          <NeedsOf credential={credential} />
        </details>
      ))}
      <details className={classes["details"]}>
        <summary>{t(texts.stores)}</summary>
        {capabilities.map(({ capability, stores, lacks }) => (
          <div key={capability}>
            <h3>{t(CAPABILITY_WORDS[capability].label)}</h3>
            <ul>
              {stores.map((each) => (
                <li key={each}>{each}</li>
              ))}
              {Object.entries(lacks).map(([edition, what]) => (
                <li key={edition}>
                  {edition}: {what}
                </li>
              ))}
            </ul>
          </div>
        ))}
      </details>
    </div>
  );
}

export function NeedsOf({ credential }: { credential: Needs["credentials"][number] }): ReactNode {
  return (
    <>
      <p>{credential.where}</p>
      <h3>{t(texts.scopes)}</h3>
      {credential.scopes.length === 0 ? (
        <p>{t(texts.scopesNone)}</p>
      ) : (
        <ul>
          {credential.scopes.map(({ scope, says }) => (
            <li key={scope}>
              <code>{scope}</code>
              <br />
              {says}
            </li>
          ))}
        </ul>
      )}
      <h3>{t(texts.roles)}</h3>
      <ul>
        {credential.roles.map(({ capability, role }) => (
          <li key={capability}>
            {t(CAPABILITY_WORDS[capability].label)}
            <br />
            {role}
          </li>
        ))}
      </ul>
    </>
  );
}
