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

/** Every list of the inventory and of the jobs that one may read, narrowed to this connection. */
function Links({ connectionId }: { connectionId: string }): ReactNode {
  const may = useMay();
  const links = [
    { scope: "inventory:read", to: "/people", label: texts.linkPeople },
    { scope: "inventory:read", to: "/seats", label: texts.linkSeats },
    { scope: "licenses:read", to: "/licenses", label: texts.linkEditions },
    { scope: "inventory:read", to: "/unrecognized", label: texts.linkUnrecognized },
    { scope: "reclamation:read", to: "/reclaim", label: texts.linkRules, search: { tab: "rules" } },
    { scope: "exclusions:read", to: "/exclusions", label: texts.linkExclusions },
    { scope: "exclusions:read", to: "/exclusions", label: texts.linkIdentifiers, search: { kind: "identifier" } },
    { scope: "exclusions:read", to: "/exclusions", label: texts.linkPersons, search: { kind: "person" } },
    { scope: "jobs:read", to: "/jobs", label: texts.linkJobs },
    { scope: "runs:read", to: "/runs", label: texts.linkResults },
  ].filter(({ scope }) => may(scope));
  return (
    <Section title={texts.links}>
      <ul role="list" className={classes["links"]}>
        {links.map(({ to, label, search }) => (
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
