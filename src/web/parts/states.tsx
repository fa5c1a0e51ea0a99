import { CircleAlert } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { ApiProblem, ApiUnreachable } from "../api/call.ts";
import type { Text } from "../text/define.ts";
import { t } from "../text/t.ts";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy.tsx";
import { Icon } from "./icon.tsx";
import classes from "./states.module.css";
import { partTexts as texts } from "./texts.ts";

/** What takes less time shows nothing, so that a quick answer does not flicker. */
const QUIET_MS = 200;

/** A skeleton of `rows` lines of the final height, after 200 ms. */
export function Loading({ rows = 6 }: { rows?: number }): ReactNode {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={classes["loading"]} role="status" aria-label={t(texts.loading)} data-shown={isShown}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={classes["bone"]} />
      ))}
    </div>
  );
}

/** What happened, what it means for the data shown, what to do, Retry, request ID. */
export function Failure({
  error,
  title,
  onRetry,
}: {
  error: Error;
  /** What did not happen, where it was no reading: "The password was not set." */
  title?: Text;
  onRetry?: () => void;
}): ReactNode {
  const problem = error instanceof ApiProblem ? error.problem : null;
  const isForbidden = problem?.status === 403;
  const happened =
    title ?? (isForbidden ? texts.forbidden : error instanceof ApiUnreachable ? texts.unreachable : texts.failed);
  return (
    <div className={classes["failure"]} role="alert">
      <p className={classes["what"]}>
        <Icon of={CircleAlert} /> {t(happened)}
      </p>
      <p>
        {problem
          ? isForbidden && !title
            ? t(texts.forbiddenHow, { detail: problem.detail })
            : problem.detail
          : error instanceof ApiUnreachable
            ? t(texts.unreachableWhat)
            : error.message}
      </p>
      <p className={classes["actions"]}>
        {onRetry && !isForbidden && <Button onClick={onRetry}>{t(texts.retry)}</Button>}
        {problem && (
          <span>
            {t(texts.requestId)} <code>{problem.requestId}</code> <CopyButton text={problem.requestId} />
          </span>
        )}
      </p>
    </div>
  );
}

/** The server said which fields are wrong, so a form tells it there. */
export function isOfFields(error: Error): boolean {
  return error instanceof ApiProblem && error.problem.errors.length > 0;
}

/** First-use empty: what will be here, why not yet, one button. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}): ReactNode {
  return (
    <div className={classes["empty"]}>
      <p className={classes["emptyTitle"]}>{title}</p>
      {children && <div>{children}</div>}
      {action}
    </div>
  );
}

/** A line across: something to know about what is shown. `warn` for partial or stale data. */
export function Banner({
  kind,
  children,
  action,
}: {
  kind: "info" | "warn" | "danger" | "ok";
  children: ReactNode;
  action?: ReactNode;
}): ReactNode {
  return (
    <div className={classes["banner"]} data-kind={kind} role={kind === "danger" ? "alert" : "status"}>
      <div>{children}</div>
      {action}
    </div>
  );
}

/** Shows what a query has: its skeleton, its failure, or `children` of its data; a failed refresh keeps the old rows. */
export function Shown<Data>({
  query,
  rows,
  children,
}: {
  query: { data: Data | undefined; error: Error | null; refetch: () => unknown };
  rows?: number;
  children: (data: Data) => ReactNode;
}): ReactNode {
  if (query.data !== undefined) {
    return (
      <>
        {query.error && <Failure error={query.error} onRetry={() => void query.refetch()} />}
        {children(query.data)}
      </>
    );
  }
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return <Loading rows={rows} />;
}
