import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useApi } from "../../api/query.ts";
import { DataAsOf } from "../../parts/data-as-of.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Shown } from "../../parts/states.tsx";
import { t } from "../../text/t.ts";
import { SpaceContent } from "./content.tsx";
import { texts } from "./texts.ts";

/** One space by itself. */
export function Page(): ReactNode {
  const { spaceId = "" } = useParams({ strict: false }) as { spaceId?: string };
  const space = useApi("spaces.get", { params: { spaceId } });
  const data = space.data?.spaceId === spaceId ? space.data : undefined;
  return (
    <Frame
      title={texts.one}
      titleValues={{ name: data?.name ?? t(texts.space) }}
      view={null}
      about={data && <DataAsOf value={data.dataAsOf} />}
    >
      <Shown query={{ ...space, data }}>{(each) => <SpaceContent key={each.spaceId} space={each} />}</Shown>
    </Frame>
  );
}
