import type { ReactNode } from "react";
import { useApi } from "../api/query.ts";
import { useMay } from "../shell/session.tsx";

/** What a site is called; its id until that is known, and for whoever may not read sites. */
export function SiteName({ id }: { id: string }): ReactNode {
  const may = useMay();
  return useApi("sites.get", { params: { siteId: id } }, { enabled: may("connections:read") }).data?.name ?? id;
}
