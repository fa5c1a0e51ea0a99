import type { ReactNode } from "react";
import { useApi } from "../api/query.ts";

/** What a site is called; its id until that is known. */
export function SiteName({ id }: { id: string }): ReactNode {
  return useApi("sites.get", { params: { siteId: id } }).data?.name ?? id;
}
