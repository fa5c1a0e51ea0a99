import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Id } from "../../parts/copy.tsx";
import { SlideOut } from "../../parts/slide-out.tsx";
import type { OpenedRow } from "../../parts/table/table-types.ts";
import { t } from "../../text/t.ts";
import type { PersonRow } from "./labels.ts";
import { Person, usePerson } from "./person.tsx";
import { texts } from "./person-texts.ts";

/** One person beside the list; the tab stays as one steps through the rows. */
export function PersonSlideOut({ opened }: { opened: OpenedRow<PersonRow> }): ReactNode {
  const { id, row, close, step } = opened;
  const { data } = usePerson(id);
  return (
    <SlideOut
      isOpen
      title={data?.name ?? row?.name ?? t(texts.title)}
      about={
        <>
          <Id id={id} /> <Link to={`/people/${id}` as string}>{t(texts.ownPage)}</Link>
        </>
      }
      onClose={close}
      onStep={step}
      stepLabels={{ previous: t(texts.previous), next: t(texts.next) }}
    >
      <Person personId={id} />
    </SlideOut>
  );
}
