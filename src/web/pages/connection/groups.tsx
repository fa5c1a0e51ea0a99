import { Link } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { callApi, type RowOf } from "../../api/call.ts";
import { useChange } from "../../api/query.ts";
import { Badge, type BadgeKind } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { TextArea } from "../../parts/form.tsx";
import { Empty } from "../../parts/states.tsx";
import { DataTable } from "../../parts/table/table.tsx";
import type { Column } from "../../parts/table/table-types.ts";
import { sayProblem } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import type { Text } from "../../text/define.ts";
import { formatNumber, NONE } from "../../text/format.ts";
import { t } from "../../text/t.ts";
import type { Connection } from "./page.tsx";
import { texts } from "./texts.ts";

type Group = RowOf<"product-access-groups.list">;

const STATES: Readonly<Record<Group["state"], { label: Text; kind: BadgeKind }>> = {
  found: { label: texts.found, kind: "info" },
  confirmed: { label: texts.confirmed, kind: "ok" },
  added: { label: texts.added, kind: "ok" },
  dropped: { label: texts.dropped, kind: "neutral" },
  "not-found": { label: texts.notFound, kind: "warn" },
};

/** Which groups give a seat, site by site, and what people decided about them. */
export function GroupsTab({ connection }: { connection: Connection }): ReactNode {
  const may = useMay();
  const [dropped, setDropped] = useState<{ siteId: string; group: Group } | null>(null);
  return (
    <>
      {connection.sites.map(({ id, name }) => (
        <section key={id} aria-label={name}>
          <h2>{name}</h2>
          <DataTable
            list="product-access-groups.list"
            params={{ siteId: id }}
            label={t(texts.groupsTable, { site: name })}
            columns={columnsOf(
              may("connections:write") ? { siteId: id, onDrop: (group) => setDropped({ siteId: id, group }) } : null,
            )}
            rowId={({ groupId }) => groupId}
            rowName={(group) => group.name}
            empty={<Empty title={t(texts.groupsEmpty)} />}
          />
        </section>
      ))}
      {dropped && <DropDialog {...dropped} onClose={() => setDropped(null)} />}
    </>
  );
}

interface Deciding {
  siteId: string;
  onDrop: (group: Group) => void;
}

function columnsOf(deciding: Deciding | null): readonly Column<Group>[] {
  const acts: readonly Column<Group>[] = deciding
    ? [{ id: "acts", label: texts.acts, width: 200, cell: (group) => <Decide group={group} {...deciding} /> }]
    : [];
  return [
    {
      id: "group",
      label: texts.group,
      width: 240,
      sort: "name",
      cell: ({ groupId, name }) => <InInventory to="/groups" search={{ open: groupId }} words={name} />,
    },
    {
      id: "state",
      label: texts.groupState,
      width: 120,
      cell: ({ state }) => <Badge kind={STATES[state].kind}>{t(STATES[state].label)}</Badge>,
    },
    {
      id: "access",
      label: texts.access,
      width: 180,
      cell: ({ access }) =>
        access.length === 0 ? NONE : t(access.includes("admin") ? texts.accessAdmin : texts.accessUser),
    },
    {
      id: "members",
      label: texts.members,
      width: 100,
      sort: "members",
      isNumber: true,
      cell: ({ members, groupId }) => <InInventory to="/people" search={{ groupId }} words={formatNumber(members)} />,
    },
    ...acts,
  ];
}

/** A link for those who may read the inventory, which an owner may not by owning a connection. */
function InInventory({ to, search, words }: { to: string; search: object; words: string }): ReactNode {
  const may = useMay();
  if (!may("inventory:read")) return words;
  return (
    <Link to={to} search={search as never}>
      {words}
    </Link>
  );
}

function Decide({ group, siteId, onDrop }: { group: Group } & Deciding): ReactNode {
  const decide = useChange("product-access-groups.decide", ["seats", "groups", "overview"]);
  const { name, groupId, state, access } = group;
  const params = { siteId, groupId };
  return (
    <>
      {state !== "confirmed" && access.length > 0 && (
        <Button
          aria-label={t(texts.confirmOf, { name })}
          isBusy={decide.isPending}
          onClick={() => decide.mutate({ params, body: { decision: "confirm" } }, { onError: sayProblem })}
        >
          {t(texts.confirm)}
        </Button>
      )}{" "}
      {state !== "dropped" && (
        <Button aria-label={t(texts.dropOf, { name })} onClick={() => onDrop(group)}>
          {t(texts.drop)}
        </Button>
      )}
    </>
  );
}

function DropDialog({ siteId, group, onClose }: { siteId: string; group: Group; onClose: () => void }): ReactNode {
  const queries = useQueryClient();
  async function drop(form: FormData): Promise<void> {
    await callApi("product-access-groups.decide", {
      params: { siteId, groupId: group.groupId },
      body: { decision: "drop", reason: form.get("reason") },
    });
    await Promise.all(
      ["product-access-groups", "seats", "overview"].map((noun) => queries.invalidateQueries({ queryKey: [noun] })),
    );
  }
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={t(texts.dropTitle, { name: group.name })}
      act={t(texts.dropAct)}
      onSubmit={drop}
    >
      <p>{t(texts.dropAbout)}</p>
      <TextArea name="reason" label={t(texts.dropReason)} required />
    </FormDialog>
  );
}
