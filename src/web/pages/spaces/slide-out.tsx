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
const OPENED = { open: null, tab: null, lens: null, rights: null, who: null, right: null, can: null, class: null };

/** One space beside the list. */
export function SpaceSlideOut({ opened: { id, row, step } }: { opened: OpenedRow<Space> }): ReactNode {
  const { state, change } = useUrlState();
  const space = useSpace(id);
  const kept = [...Object.keys(OPENED), "asof"].filter((name) => name !== "open");
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
      onClose={() => change(OPENED)}
      onStep={step}
      stepLabels={{ previous: t(texts.previous), next: t(texts.next) }}
    >
      <Shown query={space}>{(data) => <SpaceContent key={data.spaceId} space={data} />}</Shown>
    </SlideOut>
  );
}
