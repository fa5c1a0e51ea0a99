import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

const EVERY_MS = 5000;

/** While the page is looked at, what was read of `noun` is read again every five seconds: work goes on by itself. */
export function useLivingList(noun: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void queries.invalidateQueries({ queryKey: [noun] });
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [queries, noun]);
}
