import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { DataAsOf } from "../../parts/data-as-of.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Shown } from "../../parts/states.tsx";
import { SpaceContent, useSpace } from "./content.tsx";
import { texts } from "./texts.ts";

/** One space, to be linked to and read alone. */
export function Page(): ReactNode {
  const { spaceId = "" } = useParams({ strict: false }) as { spaceId?: string };
  const space = useSpace(spaceId);
  return (
    <Frame
      title={texts.one}
      titleValues={{ name: space.data?.name ?? spaceId }}
      about={space.data && <DataAsOf value={space.data.dataAsOf} />}
    >
      <Shown query={space}>{(data) => <SpaceContent key={data.spaceId} space={data} />}</Shown>
    </Frame>
  );
}
