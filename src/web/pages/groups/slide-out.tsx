import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { SlideOut } from "../../parts/slide-out.tsx";
import { Shown } from "../../parts/states.tsx";
import type { OpenedRow } from "../../parts/table/table-types.ts";
import { useUrlState } from "../../shell/url-state.ts";
import { t } from "../../text/t.ts";
import type { Group } from "./columns.tsx";
import { GroupContent, useGroup } from "./content.tsx";
import { texts } from "./texts.ts";

/** What a slide-out puts into the address, taken out when it closes. */
export const OPEN_STATE = ["tab", "memberStatus", "nested", "with"];

/** One group beside the list. */
export function GroupSlideOut({ opened: { id, row, close, step } }: { opened: OpenedRow<Group> }): ReactNode {
  const { state } = useUrlState();
  const group = useGroup(id);
  const kept = [...OPEN_STATE, "asof"];
  const search = Object.fromEntries(Object.entries(state).filter(([name]) => kept.includes(name)));
  return (
    <SlideOut
      isOpen
      title={group.data?.name ?? row?.name ?? t(texts.group)}
      about={
        <Link to={`/groups/${id}` as string} search={search as never}>
          {t(texts.ownPage)}
        </Link>
      }
      onClose={close}
      onStep={step}
      stepLabels={{ previous: t(texts.previous), next: t(texts.next) }}
    >
      <Shown query={group}>{(data) => <GroupContent key={data.groupId} group={data} />}</Shown>
    </SlideOut>
  );
}
