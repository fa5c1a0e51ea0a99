import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { DataAsOf } from "../../parts/data-as-of.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Shown } from "../../parts/states.tsx";
import { GroupContent, useGroup } from "./content.tsx";
import { texts } from "./texts.ts";

/** One group, to be linked to and read alone. */
export function Page(): ReactNode {
  const { groupId = "" } = useParams({ strict: false }) as { groupId?: string };
  const group = useGroup(groupId);
  return (
    <Frame
      title={texts.one}
      titleValues={{ name: group.data?.name ?? groupId }}
      about={group.data && <DataAsOf value={group.data.dataAsOf} />}
    >
      <Shown query={group}>{(data) => <GroupContent key={data.groupId} group={data} />}</Shown>
    </Frame>
  );
}
