import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Page as Frame } from "../../parts/page.tsx";
import { Shown } from "../../parts/states.tsx";
import { AsOwnerOf } from "../../shell/as-owner.tsx";
import { ResultPage } from "./result.tsx";
import { RunPage } from "./run.tsx";
import { texts } from "./texts.ts";
import { useFollowedRun } from "./use-followed-run.ts";

/** One time that something ran: a run of a site, or a job that is none. */
export function Page(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  // What was followed of one run is not another's.
  return id.startsWith("result_") ? <ResultPage key={id} id={id} /> : <Run key={id} id={id} />;
}

function Run({ id }: { id: string }): ReactNode {
  const { followed, error, refetch } = useFollowedRun(id);
  if (followed) {
    return (
      <AsOwnerOf connectionId={followed.run.connectionId}>
        <RunPage followed={followed} />
      </AsOwnerOf>
    );
  }
  return (
    <Frame title={texts.loading}>
      <Shown query={{ data: undefined, error, refetch }}>{() => null}</Shown>
    </Frame>
  );
}
