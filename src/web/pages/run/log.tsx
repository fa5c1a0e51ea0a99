import { ChevronDown, ChevronUp } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { urlOf } from "../../api/call.ts";
import { Badge } from "../../parts/badge.tsx";
import button from "../../parts/button.module.css";
import { IconButton } from "../../parts/button.tsx";
import form from "../../parts/form.module.css";
import { Banner, Failure } from "../../parts/states.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { formatExact } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import { inOrder, listingLabel } from "./kinds.ts";
import { isOfStep, matching, stampOf } from "./log-lines.ts";
import classes from "./page.module.css";
import { texts } from "./texts.ts";
import type { FollowedRun, LogLine } from "./use-followed-run.ts";
import { LINES_MAX, useLog } from "./use-log.ts";

/** What a run wrote down: searched, of one level or step, followed as it comes; a line has its own address. */
export function Log({ followed }: { followed: FollowedRun }): ReactNode {
  const { state } = useUrlState();
  const [isFollowing, setFollowing] = useState(followed.isUnderWay);
  const { lines, isCut, query } = useLog(followed);
  const level = state["level"] ?? "";
  const step = state["step"] ?? "";
  const shown = lines.filter((line) => (level === "" || line.level === level) && (step === "" || isOfStep(line, step)));
  return (
    <div className={classes["log"]}>
      <Tools followed={followed} lines={shown} isFollowing={isFollowing} onFollow={setFollowing} />
      {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {isCut && <Banner kind="info">{t(texts.logCut, { count: LINES_MAX })}</Banner>}
      <Lines lines={shown} isFollowing={isFollowing && followed.isUnderWay} isEmpty={lines.length === 0} />
    </div>
  );
}

function Tools({
  followed: { run, isUnderWay },
  lines,
  isFollowing,
  onFollow,
}: {
  followed: FollowedRun;
  lines: readonly LogLine[];
  isFollowing: boolean;
  onFollow: (isFollowing: boolean) => void;
}): ReactNode {
  const { state, change } = useUrlState();
  const download = (as: "text" | "jsonl") => urlOf("job-results.log", { params: { resultId: run.id }, query: { as } });
  return (
    <div className={classes["tools"]} role="search" aria-label={t(texts.search)}>
      <Search lines={lines} />
      <select
        className={form["control"]}
        aria-label={t(texts.level)}
        value={state["level"] ?? ""}
        onChange={(event) => change({ level: event.target.value })}
      >
        <option value="">{t(texts.allLevels)}</option>
        {(["info", "warn", "error"] as const).map((each) => (
          <option key={each} value={each}>
            {t(texts[each])}
          </option>
        ))}
      </select>
      <select
        className={form["control"]}
        aria-label={t(texts.stepFilter)}
        value={state["step"] ?? ""}
        onChange={(event) => change({ step: event.target.value })}
      >
        <option value="">{t(texts.allSteps)}</option>
        {inOrder(run.progress).map(({ kind }) => (
          <option key={kind} value={kind}>
            {listingLabel(kind)}
          </option>
        ))}
      </select>
      {isUnderWay && (
        <label className={classes["follow"]}>
          <input type="checkbox" checked={isFollowing} onChange={(event) => onFollow(event.target.checked)} />
          {t(texts.follow)}
        </label>
      )}
      <a className={button["button"]} href={download("text")} download>
        {t(texts.download)}
      </a>
      <a className={button["button"]} href={download("jsonl")} download>
        {t(texts.downloadLines)}
      </a>
    </div>
  );
}

/** Goes from match to match; the one it is at is the line of the address. */
function Search({ lines }: { lines: readonly LogLine[] }): ReactNode {
  const { state, change } = useUrlState();
  const q = state["q"] ?? "";
  const found = q === "" ? [] : lines.filter((line) => matching(line, q)).map(({ seq }) => seq);
  const at = found.indexOf(Number(state["line"]));
  const go = (by: -1 | 1) => {
    const next = at === -1 ? (by === 1 ? 0 : found.length - 1) : (at + by + found.length) % found.length;
    change({ line: String(found[next]) }, "replace");
  };
  return (
    <span className={classes["search"]}>
      <input
        type="search"
        className={form["control"]}
        aria-label={t(texts.search)}
        placeholder={t(texts.search)}
        value={q}
        onChange={(event) => change({ q: event.target.value }, "replace")}
        onKeyDown={(event) => {
          if (event.key === "Enter" && found.length > 0) go(event.shiftKey ? -1 : 1);
        }}
      />
      {q !== "" && (
        <span role="status">
          {found.length === 0 ? t(texts.foundNone) : t(texts.found, { at: at + 1, count: found.length })}
        </span>
      )}
      {found.length > 0 && (
        <>
          <IconButton icon={ChevronUp} label={t(texts.previous)} onClick={() => go(-1)} />
          <IconButton icon={ChevronDown} label={t(texts.next)} onClick={() => go(1)} />
        </>
      )}
    </span>
  );
}

const LEVEL_KINDS = { info: "neutral", warn: "warn", error: "danger" } as const;

function Lines({
  lines,
  isFollowing,
  isEmpty,
}: {
  lines: readonly LogLine[];
  isFollowing: boolean;
  isEmpty: boolean;
}): ReactNode {
  const { state, change } = useUrlState();
  const box = useRef<HTMLDivElement>(null);
  const chosen = Number(state["line"] ?? 0);
  const q = state["q"] ?? "";
  const isThere = lines.some(({ seq }) => seq === chosen);

  useEffect(() => {
    if (isThere) box.current?.querySelector(`[data-line="${chosen}"]`)?.scrollIntoView({ block: "nearest" });
  }, [chosen, isThere]);
  useEffect(() => {
    if (isFollowing && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [isFollowing, lines.length]);

  return (
    <div ref={box} className={classes["lines"]} tabIndex={0} role="region" aria-label={t(texts.tabLog)}>
      {lines.length === 0 && <p>{t(isEmpty ? texts.logEmpty : texts.logNoMatch)}</p>}
      <ol role="list">
        {lines.map((line) => (
          <li
            key={line.seq}
            data-line={line.seq}
            data-chosen={line.seq === chosen}
            data-found={q !== "" && matching(line, q)}
          >
            <a
              href={`?line=${line.seq}`}
              aria-label={t(texts.line, { seq: line.seq })}
              className={classes["lineNumber"]}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                change({ line: String(line.seq) });
              }}
            >
              {line.seq}
            </a>
            <time dateTime={line.at} title={formatExact(line.at)}>
              {stampOf(line.at)}
            </time>
            <Badge kind={LEVEL_KINDS[line.level]}>{t(texts[line.level])}</Badge>
            <span className={classes["lineWords"]}>{line.message}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
