import { z } from "zod";
import type { ObservedLicense } from "../source.ts";
import type { SiteClient } from "./client.ts";

/** Only present "when license data is available" (spec ORG, WorkspaceModel). */
const Workspaces = z.object({
  data: z
    .array(
      z.object({
        id: z.string().nullish(),
        attributes: z.object({ capacity: z.number().int().nonnegative().nullish() }).nullish(),
      }),
    )
    .nullish(),
});

/** Seats bought: the capacity of the site's workspace. `usage` is only told of Bitbucket, so what is used is not known. */
export async function readLicense(client: SiteClient, signal: AbortSignal): Promise<ObservedLicense | null> {
  if (client.credentialFor("organization-accounts") === null) return null;
  const organizationId = await client.organizationId(signal);
  if (organizationId === null) return null;
  const { data } = await client.read(
    "organization-accounts",
    {
      method: "POST",
      template: "/v2/orgs/{orgId}/workspaces",
      path: `/v2/orgs/${encodeURIComponent(organizationId)}/workspaces`,
      body: { query: { field: { name: "attributes.type", values: ["confluence"] } }, limit: 1_000 },
      schema: Workspaces,
      what: "the sites of the organization with their capacity",
    },
    signal,
  );
  const own = (data ?? []).find(({ id }) => id?.endsWith(`/${client.site.sourceKey}`));
  const seats = own?.attributes?.capacity ?? null;
  if (seats === null) return null;
  return { seats, usedSeats: null, expiresAt: null, maintenanceExpiresAt: null, origin: "organization" };
}
