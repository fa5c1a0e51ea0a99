import type { ReactNode } from "react";
import classes from "./facts.module.css";

export interface Fact {
  label: string;
  /** Left out when null. */
  value: ReactNode;
}

/** What is known of one thing: name and value, one under the other. */
export function Facts({ facts }: { facts: readonly Fact[] }): ReactNode {
  return (
    <dl className={classes["facts"]}>
      {facts
        .filter(({ value }) => value !== null)
        .map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
