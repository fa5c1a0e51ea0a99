import type { CredentialKind } from "../../src/model/connections.ts";
import type { CapabilityNeeds, Source } from "../../src/sources/source.ts";
import { createSources } from "../../src/sources/index.ts";
import { code, page, table } from "./markdown.ts";

/** For each source and capability: what is stored, scopes, least role, endpoints and points, and what an edition lacks. */
export function capabilitiesPage(): string {
  const sources = [...createSources().values()];
  return page(
    "# What each capability needs",
    "A connection has capabilities; each asks for the least that serves it. Points are those of Atlassian's hourly quota " +
      "for OAuth 2.0 (3LO), for one full page; requests with an API token or an organization key cost none.",
    ...sources.flatMap(sourceSections),
  );
}

const SOURCES: Record<Source["kind"], string> = {
  "confluence-cloud": "Confluence Cloud",
  "confluence-data-center": "Confluence Data Center",
};

const CREDENTIALS = {
  oauth: "OAuth 2.0 (3LO)",
  "api-token": "API token (classic)",
  "scoped-api-token": "API token with scopes",
  "organization-key": "Organization API key",
  "scim-key": "SCIM directory key",
} as const;

const DATA_CENTER_CREDENTIALS = {
  "personal-access-token": "Personal access token",
  basic: "User name and password",
} as const;

function sourceSections(source: Source): string[] {
  return source.needs.flatMap((needs) => [
    `## ${SOURCES[source.kind]}: ${code(needs.capability)}`,
    `**Stored:**\n\n${needs.stores.map((each) => `- ${each}`).join("\n")}`,
    `**Least role:** ${needs.role}.`,
    scopesOf(source.kind, needs),
    table(
      ["endpoint", "points a page", "rows a page"],
      needs.endpoints.map(({ method, path, pointsPerPage, rowsPerPage }) => [
        code(`${method} ${path}`),
        String(pointsPerPage),
        String(rowsPerPage),
      ]),
    ),
    ...lacksOf(needs),
  ]);
}

function scopesOf(source: Source["kind"], { scopes }: CapabilityNeeds): string {
  const credentials = source === "confluence-cloud" ? CREDENTIALS : DATA_CENTER_CREDENTIALS;
  const rows = Object.entries(credentials).map(([kind, name]) => {
    const needed = scopes[kind as CredentialKind];
    if (needed === undefined) return [name, "not used for this"];
    return [
      name,
      needed.length === 0 ? "has no scopes; the account's own permissions decide" : needed.map(code).join(" "),
    ];
  });
  return table(["credential", "least scopes"], rows);
}

function lacksOf({ lacks }: CapabilityNeeds): string[] {
  const lines = Object.entries(lacks).map(([edition, what]) => `- ${edition}: ${what}`);
  return lines.length === 0 ? [] : [`**What an edition lacks:**\n\n${lines.join("\n")}`];
}
