import { useApi } from "../api/query.ts";
import { useMay } from "../shell/session.tsx";

/** What operators are called, by their ids; whoever may not read operators is told the id itself. */
export function useOperatorNames(): (id: string) => string {
  const may = useMay();
  const operators = useApi("operators.list", { query: { limit: 200 } }, { enabled: may("operators:read") });
  const names = new Map(operators.data?.items.map((each) => [each.id, each.name]));
  return (id) => names.get(id) ?? id;
}
