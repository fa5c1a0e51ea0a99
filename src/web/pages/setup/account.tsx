import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useApi } from "../../api/query.ts";
import button from "../../parts/button.module.css";
import { Icon } from "../../parts/icon.tsx";
import { Section } from "../../parts/page.tsx";
import { useSession } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import classes from "./page.module.css";
import { LookAround } from "./sample.tsx";
import { StepHeading } from "./steps-nav.tsx";
import type { Draft } from "./steps.ts";
import { texts } from "./texts.ts";

/** Who is signed in, what was begun before, and the pretend company for whoever only wants to look. */
export function AccountStep({ draft }: { draft: Draft | null }): ReactNode {
  const { operator } = useSession();
  const search = draft ? { step: "capabilities", connection: draft.id } : { step: "capabilities" };
  return (
    <>
      <StepHeading title={texts.accountTitle} />
      <p className={classes["inline"]}>
        <Icon of={CircleCheck} />{" "}
        {operator.email
          ? t(texts.signedInAs, { name: operator.name, email: operator.email })
          : t(texts.signedInAsToken, { name: operator.name })}
      </p>
      <div className={classes["card"]}>
        <p>{t(texts.beginAbout)}</p>
        <div>
          <Link to={"/setup" as string} search={search as never} className={button["button"]} data-kind="primary">
            {t(texts.begin)}
          </Link>
        </div>
      </div>
      {!draft && <Drafts />}
      <LookAround />
    </>
  );
}

/** Connections whose set-up was begun, by whoever. */
function Drafts(): ReactNode {
  const drafts = useApi("connections.list", { query: { state: "draft,validated", limit: 20, sort: "-createdAt" } });
  if (!drafts.data || drafts.data.items.length === 0) return null;
  return (
    <Section title={texts.drafts}>
      <ul role="list" className={classes["list"]}>
        {drafts.data.items.map(({ id, name }) => (
          <li key={id}>
            <Link to={"/setup" as string} search={{ connection: id } as never}>
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
