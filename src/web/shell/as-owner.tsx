import type { ReactNode } from "react";
import { useApi } from "../api/query.ts";
import { OwnedContext, useSession } from "./session.tsx";

/**
 * Within it, those who are among the owners, which are e-mails, are shown what owners may do; whoever looks by a token is
 * shown what its roles allow.
 */
export function AsOwner({ owners, children }: { owners: readonly string[]; children: ReactNode }): ReactNode {
  const { operator, through } = useSession();
  const email = through === "token" ? undefined : operator.email?.toLowerCase();
  return <OwnedContext value={owners.some((each) => each.toLowerCase() === email)}>{children}</OwnedContext>;
}

/** The same of what belongs to a connection, such as a run; null where it belongs to none. */
export function AsOwnerOf({ connectionId, children }: { connectionId: string | null; children: ReactNode }): ReactNode {
  const { ownsConnections } = useSession();
  const connection = useApi(
    "connections.get",
    { params: { connectionId: connectionId ?? "" } },
    { enabled: ownsConnections && connectionId !== null },
  );
  // What was read of another connection stays only while this one is read.
  const owners = connection.data?.id === connectionId ? connection.data.owners : [];
  return <AsOwner owners={owners}>{children}</AsOwner>;
}
