import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useApi } from "../../api/query.ts";
import { SlideOut } from "../../parts/slide-out.tsx";
import { Shown } from "../../parts/states.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { t } from "../../text/t.ts";
import { SpaceContent } from "./content.tsx";
import { texts } from "./texts.ts";

/** What a slide-out has put into the address, taken out when it closes. */
const OPENED = { open: null, tab: null, lens: null, rights: null, who: null, right: null, can: null, class: null };

/** The space that `open` names, beside the list. */
export function SpaceSlideOut(): ReactNode {
  const { state, change } = useUrlState();
  const spaceId = state["open"];
  const space = useApi("spaces.get", { params: { spaceId: spaceId ?? "" } }, { enabled: spaceId !== undefined });
  const isOf = space.data?.spaceId === spaceId;
  return (
    <SlideOut
      isOpen={spaceId !== undefined}
      title={isOf ? (space.data?.name ?? "") : t(texts.title)}
      about={
        spaceId !== undefined && (
          <Link to={`/spaces/${spaceId}` as string} search={{ ...pageState(state) } as never}>
            {t(texts.ownPage)}
          </Link>
        )
      }
      onClose={() => change(OPENED)}
    >
      <Shown query={isOf || space.error ? space : { ...space, data: undefined }}>
        {(data) => <SpaceContent key={data.spaceId} space={data} />}
      </Shown>
    </SlideOut>
  );
}

/** What of the list's address goes on on the space's own page. */
function pageState(state: Readonly<Record<string, string>>): Record<string, string> {
  const names = ["tab", "lens", "rights", "who", "right", "can", "class", "asof"];
  return Object.fromEntries(Object.entries(state).filter(([name]) => names.includes(name)));
}
