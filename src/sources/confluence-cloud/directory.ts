import { z } from "zod";
import { SourceFailure } from "../source.ts";
import type { SiteClient } from "./client.ts";
import { directoriesPath } from "./organization.ts";

const Directories = z.object({ data: z.array(z.object({ directoryId: z.string() })) });
const Groups = z.object({ data: z.array(z.object({ directoryId: z.string().nullish() })) });

/**
 * The directory of the organization that gives this site its people. Reads may say `-` for all directories at once, but
 * each call that writes names one (spec ORG). Asked for once while the site is open.
 */
export class SiteDirectory {
  private readonly client: SiteClient;
  private known: Promise<string> | null = null;

  constructor(client: SiteClient) {
    this.client = client;
  }

  id(signal: AbortSignal): Promise<string> {
    if (this.known) return this.known;
    const asked = this.find(signal);
    this.known = asked;
    asked.catch(() => {
      if (this.known === asked) this.known = null;
    });
    return asked;
  }

  private async find(signal: AbortSignal): Promise<string> {
    const path = await directoriesPath(this.client, signal);
    const { data } = await this.client.read(
      "organization-groups",
      {
        template: "/v2/orgs/{orgId}/directories",
        path,
        query: { limit: 100 },
        schema: Directories,
        what: "the directories of the organization",
      },
      signal,
    );
    const [only, another] = data;
    if (only && !another) return only.directoryId;
    return this.ofSite(path, signal);
  }

  /** Of several directories it is the one whose groups give roles on this site. */
  private async ofSite(path: string, signal: AbortSignal): Promise<string> {
    const { data } = await this.client.read(
      "organization-groups",
      {
        method: "POST",
        template: "/v2/orgs/{orgId}/directories/{directoryId}/groups/search",
        path: `${path}/-/groups/search`,
        body: { resourceIds: [`ari:cloud:confluence::site/${this.client.site.sourceKey}`], limit: 100 },
        schema: Groups,
        what: "the groups that give Confluence, with their directories",
      },
      signal,
    );
    const [id, another] = new Set(data.flatMap(({ directoryId }) => directoryId ?? []));
    if (id !== undefined && another === undefined) return id;
    throw new SourceFailure(`${another === undefined ? "No" : "More than one"} directory has groups of the site.`, {
      code: "source.edition-lacks",
      publicMessage:
        "The organization has several directories, and it cannot be told which of them gives this site its people.",
      fix: "Make changes to accounts of this site at admin.atlassian.com.",
      capability: "reclaim",
    });
  }
}
