import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Id } from "../../parts/copy.tsx";
import { DataAsOf } from "../../parts/data-as-of.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { defineTexts } from "../../text/define.ts";
import { Person, usePerson } from "./person.tsx";

const texts = defineTexts("personPage", { title: "{name}", people: "People" });

/** One person, to be linked to and read alone. */
export function Page(): ReactNode {
  const { personId = "" } = useParams({ strict: false }) as { personId?: string };
  const { data } = usePerson(personId);
  return (
    <Frame
      title={texts.title}
      titleValues={{ name: data?.name ?? personId }}
      about={
        <>
          <Id id={personId} />
          {data && <DataAsOf value={data.dataAsOf} />}
        </>
      }
    >
      <Person personId={personId} />
    </Frame>
  );
}
