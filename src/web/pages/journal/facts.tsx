import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Text } from "../../text/define.ts";
import { formatNumber } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { isRecord } from "./changes.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

/** Fields of an entry by the names that the record has; nothing where there are none. */
export function Facts({ title, of }: { title: Text; of: Readonly<Record<string, unknown>> }): ReactNode {
  const fields = Object.entries(of);
  if (fields.length === 0) return null;
  return (
    <section>
      <h3>{t(title)}</h3>
      <dl className={classes["facts"]}>
        {fields.map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{wordsOf(name)}</dt>
            <dd>
              <Value value={value} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** "accountsMoved" as "accounts moved". */
function wordsOf(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const ID = /^[a-z]+_[0-9a-z]{12}$/;
/** A long list is in the JSON. */
const LISTED_MAX = 20;

/** A value of the record as it is; an id leads to what it names. */
export function Value({ value }: { value: unknown }): ReactNode {
  if (value === null || value === undefined || value === "") return t(texts.none);
  if (typeof value === "boolean") return t(value ? texts.yes : texts.no);
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "string") return ID.test(value) ? <IdLink id={value} /> : value;
  if (Array.isArray(value)) return <Values values={value} />;
  if (isRecord(value)) {
    return (
      <dl className={classes["facts"]}>
        {Object.entries(value).map(([name, each]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{wordsOf(name)}</dt>
            <dd>
              <Value value={each} />
            </dd>
          </div>
        ))}
      </dl>
    );
  }
  return String(value);
}

function Values({ values }: { values: readonly unknown[] }): ReactNode {
  if (values.length === 0) return t(texts.none);
  if (values.every((each) => typeof each === "string" && !ID.test(each)) && values.length <= LISTED_MAX) {
    return values.join(", ");
  }
  return (
    <ul>
      {values.slice(0, LISTED_MAX).map((each, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the values of a record never change places
        <li key={index}>
          <Value value={each} />
        </li>
      ))}
      {values.length > LISTED_MAX && <li>{t(texts.more, { count: values.length - LISTED_MAX })}</li>}
    </ul>
  );
}

const PAGES: Readonly<Record<string, string>> = { run: "/runs", result: "/runs", job: "/jobs" };

function IdLink({ id }: { id: string }): ReactNode {
  const page = PAGES[id.slice(0, id.indexOf("_"))] ?? "";
  return (
    <Link to={`${page}/${id}`}>
      <code>{id}</code>
    </Link>
  );
}
