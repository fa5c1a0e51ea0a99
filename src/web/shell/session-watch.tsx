import { useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { lastAnswerAt } from "../api/call.ts";
import { type Session, useSession } from "./session.tsx";

const EndingDialog = lazy(() => import("./ending-dialog.tsx").then(({ EndingDialog }) => ({ default: EndingDialog })));

/** WCAG 2.2.1 asks for 20 seconds; this is enough to finish a sentence. */
const WARNED_MS = 120_000;
/** A timer may not wait for more than 24 days; looking again within an hour is soon enough. */
const LOOK_MS_MAX = 3_600_000;

/** Warns two minutes before the session ends, unless it is put off by being used; and looks whether it has ended then. */
export function SessionWatch(): ReactNode {
  const session = useSession();
  const queries = useQueryClient();
  const [isEnding, setEnding] = useState(false);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const look = () => {
      const left = endOf(session) - Date.now();
      setEnding(left <= WARNED_MS && left > 0);
      if (left <= 0) void queries.invalidateQueries({ queryKey: ["session", "current"] });
      const next = left > WARNED_MS ? left - WARNED_MS : left > 0 ? left : LOOK_MS_MAX;
      timer = setTimeout(look, Math.min(next, LOOK_MS_MAX));
    };
    look();
    return () => clearTimeout(timer);
  }, [session, queries]);

  if (!isEnding) return null;
  return (
    <Suspense>
      <EndingDialog endsAt={new Date(endOf(session))} mayStay={endOf(session) < absoluteEndOf(session)} />
    </Suspense>
  );
}

/** When it ends if nothing is done; each answer of the server since puts off the end of a session that is not used. */
function endOf(session: Session): number {
  if (session.idleEndsAt === null) return absoluteEndOf(session);
  const idleEnd = Date.parse(session.idleEndsAt) + Math.max(0, lastAnswerAt() - session.readAt);
  return Math.min(idleEnd, absoluteEndOf(session));
}

function absoluteEndOf({ endsAt }: Session): number {
  return endsAt === null ? Number.POSITIVE_INFINITY : Date.parse(endsAt);
}
