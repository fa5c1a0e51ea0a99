import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { SlideOut } from "../../parts/slide-out.tsx";
import { Shown } from "../../parts/states.tsx";
import type { OpenedRow } from "../../parts/table/table-types.ts";
import { useUrlState } from "../../shell/url-state.ts";
import { t } from "../../text/t.ts";
import type { Space } from "./columns.tsx";
import { SpaceContent, useSpace } from "./content.tsx";
import { texts } from "./texts.ts";

/** What a slide-out puts into the address, taken out when it closes. */
export const OPEN_STATE = ["tab", "lens", "rights", "who", "right", "can", "class"];

/** One space beside the list. */
export function SpaceSlideOut({ opened: { id, row, close, step } }: { opened: OpenedRow<Space> }): ReactNode {
  const { state } = useUrlState();
  const space = useSpace(id);
  const kept = [...OPEN_STATE, "asof"];
  const search = Object.fromEntries(Object.entries(state).filter(([name]) => kept.includes(name)));
  return (
    <SlideOut
      isOpen
      title={space.data?.name ?? row?.name ?? t(texts.space)}
      about={
        <Link to={`/spaces/${id}` as string} search={search as never}>
          {t(texts.ownPage)}
        </Link>
      }
      onClose={close}
      onStep={step}
      stepLabels={{ previous: t(texts.previous), next: t(texts.next) }}
    >
      <Shown query={space}>{(data) => <SpaceContent key={data.spaceId} space={data} />}</Shown>
    </SlideOut>
  );
}
