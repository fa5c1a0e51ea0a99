import { type ReactNode } from "react";
import { Page as Frame, Section } from "../../parts/page.tsx";
import { KeyTable } from "../../shell/key-table.tsx";
import { usePreferences } from "../../shell/preferences.ts";
import { Rich } from "../../text/rich.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";
import { PRODUCTS, WORDS } from "./words.ts";

/** Where help is: the documents, the keys, the five statuses, and our words beside those of other products. */
export function Page(): ReactNode {
  const [{ keys }] = usePreferences();
  return (
    <Frame title={texts.title}>
      <Section title={texts.documents}>
        <ul className={classes["list"]}>
          <li>
            <Rich text={texts.api} parts={{ docs: (words) => <a href="/docs">{words}</a> }} />
          </li>
          <li>
            <Rich text={texts.commandLine} parts={{ code: (words) => <code>{words}</code> }} />
          </li>
          <li>{t(texts.guide)}</li>
          <li>
            <Rich text={texts.trouble} parts={{ code: (words) => <code>{words}</code> }} />
          </li>
        </ul>
      </Section>
      <Section title={texts.statuses}>
        <dl className={classes["terms"]}>
          {STATUSES.map(([term, meaning]) => (
            <div key={term.id}>
              <dt>{t(term)}</dt>
              <dd>{t(meaning)}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section title={texts.keys}>
        {keys === "off" && <p>{t(texts.keysOff)}</p>}
        <KeyTable />
        <p>{t(texts.listKeys)}</p>
      </Section>
      <Section title={texts.otherWords}>
        <p>{t(texts.otherWordsAbout)}</p>
        <div className={classes["scroll"]} tabIndex={0} role="region" aria-label={t(texts.otherWords)}>
          <table className={classes["words"]}>
            <thead>
              <tr>
                <th scope="col">{t(texts.ours)}</th>
                {PRODUCTS.map((product) => (
                  <th key={product} scope="col">
                    {product}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {WORDS.map(({ ours, theirs }) => (
                <tr key={ours.id}>
                  <th scope="row">{t(ours)}</th>
                  {theirs.map((words, column) => (
                    <td key={PRODUCTS[column]}>{words ?? t(texts.noSuchThing)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
    </Frame>
  );
}

const STATUSES = [
  [texts.active, texts.activeMeans],
  [texts.idle, texts.idleMeans],
  [texts.neverUsed, texts.neverUsedMeans],
  [texts.noEvidence, texts.noEvidenceMeans],
  [texts.excluded, texts.excludedMeans],
] as const;
