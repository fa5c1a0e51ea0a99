import { useMay } from "../../shell/session.tsx";

/** Whether whoever looks may do anything with people they select. */
export function useMayAct(): boolean {
  const may = useMay();
  return may("reclamation:write") || may("exclusions:write");
}
