import { Dialog } from "@base-ui/react/dialog";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Button } from "../../../parts/button.tsx";
import dialog from "../../../parts/dialog.module.css";
import { partTexts } from "../../../parts/texts.ts";
import { formatDay } from "../../../text/format.ts";
import { Rich } from "../../../text/rich.tsx";
import { t } from "../../../text/t.ts";
import classes from "./matrix.module.css";
import { matrixTexts as texts } from "./texts.ts";

/** One way to a right, or to another right of the same row. */
export interface Way {
  id: string;
  how: "direct" | "group" | "everyone" | "holder";
  /** The group or class. */
  name: string | null;
  groupId: string | null;
  /** Groups nested in it on the way. */
  via: readonly string[];
  roles: readonly string[];
  since: string | null;
}

export interface Explained {
  who: string;
  right: string;
  /** The ways to the right itself. */
  ways: readonly Way[];
  /** What else is held, for a cell that is empty. */
  others: readonly Way[];
}

/** Why a cell is as it is. */
export function Explain({ explained, onClose }: { explained: Explained | null; onClose: () => void }): ReactNode {
  return (
    <Dialog.Root open={explained !== null} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog["backdrop"]} />
        {explained && (
          <Dialog.Popup className={dialog["popup"]}>
            <Dialog.Title className={dialog["title"]}>
              {t(texts.explainTitle, { who: explained.who, right: explained.right })}
            </Dialog.Title>
            <div className={dialog["body"]}>
              {explained.ways.length > 0 ? (
                <>
                  <p>{t(texts.explainYes)}</p>
                  <Ways ways={explained.ways} />
                </>
              ) : (
                <>
                  <p>{t(explained.others.length > 0 ? texts.explainNo : texts.explainNothing)}</p>
                  <Ways ways={explained.others} />
                </>
              )}
            </div>
            <div className={dialog["actions"]}>
              <Dialog.Close render={<Button />}>{t(partTexts.close)}</Dialog.Close>
            </div>
          </Dialog.Popup>
        )}
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Ways({ ways }: { ways: readonly Way[] }): ReactNode {
  return (
    <ul className={classes["ways"]}>
      {ways.map((way) => (
        <li key={way.id}>
          <WayWords way={way} />
          {way.roles.length > 0 && t(texts.withRole, { roles: way.roles.join(", ") })}
          {way.since && t(texts.since, { day: formatDay(way.since) })}
        </li>
      ))}
    </ul>
  );
}

export function WayWords({ way: { how, name, groupId, via } }: { way: Way }): ReactNode {
  const group = (words: string) => (groupId === null ? words : <GroupLink groupId={groupId} name={words} />);
  switch (how) {
    case "direct":
      return t(texts.pathDirect);
    case "everyone":
      return t(texts.pathEveryone, { name: name ?? "" });
    case "holder":
      return <Rich text={texts.pathHolder} values={{ name: name ?? "" }} parts={{ group }} />;
    case "group":
      return via.length > 0 ? (
        <Rich text={texts.pathGroupVia} values={{ name: name ?? "", via: via.join(" › ") }} parts={{ group }} />
      ) : (
        <Rich text={texts.pathGroup} values={{ name: name ?? "" }} parts={{ group }} />
      );
  }
}

export function GroupLink({ groupId, name }: { groupId: string; name: string }): ReactNode {
  return (
    <Link to={`/groups/${groupId}` as string} search={{ tab: "members" } as never}>
      {name}
    </Link>
  );
}
