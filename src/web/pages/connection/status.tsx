import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useChange } from "../../api/query.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Checks } from "../../parts/connections/checks.tsx";
import { ProveWrites } from "../../parts/connections/prove-writes.tsx";
import { HealthBadge } from "../../parts/connections/words.tsx";
import { Section } from "../../parts/page.tsx";
import { Banner } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { sayProblem } from "../../parts/toast.tsx";
import { useMay } from "../../shell/session.tsx";
import { Rich } from "../../text/rich.tsx";
import { t } from "../../text/t.ts";
import { SiteMode } from "./mode.tsx";
import type { Connection } from "./page.tsx";
import classes from "./page.module.css";
import { texts } from "./texts.ts";

type SiteOf = Connection["sites"][number];

/** How each site is, in words: what suffers, why, and what to do. */
export function StatusTab({ connection }: { connection: Connection }): ReactNode {
  const may = useMay();
  const check = useChange("connections.check", ["sites"]);
  return (
    <>
      {connection.sites.map((site) => (
        <section key={site.id} className={classes["card"]} aria-label={site.name}>
          <SiteHead site={site} />
          <HealthWords connection={connection} site={site} />
          <Checks site={site.name} probes={site.probes} />
          {may("connections:write") && connection.state !== "archived" && (
            <div className={classes["inline"]}>
              <Button
                isBusy={check.isPending}
                onClick={() => check.mutate({ params: { connectionId: connection.id } }, { onError: sayProblem })}
              >
                {t(texts.checkNow)}
              </Button>
              {connection.capabilities.includes("reclaim") && (
                <ProveWrites connectionId={connection.id} siteId={site.id} site={site.name} />
              )}
            </div>
          )}
          <SiteMode connection={connection} site={site} />
        </section>
      ))}
      <Links connectionId={connection.id} />
    </>
  );
}

function SiteHead({ site }: { site: SiteOf }): ReactNode {
  return (
    <div className={classes["inline"]}>
      <h2>{site.name}</h2>
      <HealthBadge health={site.health} />
      {site.edition && <Badge kind="neutral">{t(texts.editionWords, { edition: site.edition })}</Badge>}
      <a href={site.baseUrl} className={classes["wrap"]}>
        {site.baseUrl}
      </a>
      <span className={classes["muted"]}>
        {site.lastSyncedAt ? (
          <Rich
            text={texts.lastSync}
            values={{ when: "" }}
            parts={{ time: () => <Time value={site.lastSyncedAt} /> }}
          />
        ) : (
          t(texts.never)
        )}
      </span>
    </div>
  );
}

function HealthWords({
  connection,
  site: { health, healthDetail },
}: {
  connection: Connection;
  site: SiteOf;
}): ReactNode {
  const isLost = health === "needs-reauthorization";
  if (!healthDetail && !isLost) return health === "connected" ? <p>{t(texts.works)}</p> : null;
  return (
    <Banner
      kind={isLost ? "danger" : "warn"}
      action={
        isLost && (
          <Link
            to={"/connections/$id" as string}
            params={{ id: connection.id } as never}
            search={{ tab: "settings" } as never}
          >
            {t(texts.reconnect)}
          </Link>
        )
      }
    >
      {isLost && <strong>{t(texts.unauthorized)}</strong>}
      {healthDetail && (
        <p>
          {healthDetail.reason} {healthDetail.fix}
        </p>
      )}
    </Banner>
  );
}

/** Every list of the inventory and of the jobs, narrowed to this connection. */
function Links({ connectionId }: { connectionId: string }): ReactNode {
  const links = [
    { to: "/people", label: texts.linkPeople },
    { to: "/seats", label: texts.linkSeats },
    { to: "/licenses", label: texts.linkEditions },
    { to: "/unrecognized", label: texts.linkUnrecognized },
    { to: "/reclaim", label: texts.linkRules, tab: "rules" },
    { to: "/exclusions", label: texts.linkExclusions },
    { to: "/exclusions", label: texts.linkIdentifiers, kind: "identifier" },
    { to: "/exclusions", label: texts.linkPersons, kind: "person" },
    { to: "/jobs", label: texts.linkJobs },
    { to: "/runs", label: texts.linkResults },
  ];
  return (
    <Section title={texts.links}>
      <ul role="list" className={classes["links"]}>
        {links.map(({ to, label, ...search }) => (
          <li key={label.id}>
            <Link to={to as string} search={{ connectionId, ...search } as never}>
              {t(label)}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
