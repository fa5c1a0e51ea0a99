import type { ReactNode } from "react";
import { useApi } from "../api/query.ts";

/** What a site is called; its id until that is known. The top bar reads the same list. */
export function SiteName({ id }: { id: string }): ReactNode {
  const sites = useApi("sites.list", { query: { limit: 200 } });
  return sites.data?.items.find((site) => site.id === id)?.name ?? id;
}
