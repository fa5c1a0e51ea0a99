import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Line } from "./words.ts";

/** A number of the position, which opens exactly the seats that it counted. */
export function Rows({ line, part, children }: { line: Line; part: string; children: ReactNode }): ReactNode {
  return (
    <Link to={"/licenses/seats" as string} search={{ part, ...placeOf(line) } as never}>
      {children}
    </Link>
  );
}

export function placeOf({ level, product, siteId, licenseId }: Line): Record<string, string> {
  if (level === "product") return { product };
  if (level === "license" && licenseId !== null) return { licenseId };
  return siteId === null ? {} : { siteId };
}

/** What was bought, which an owned number adds up. */
export function LicensesLink({ line, children }: { line: Line; children: ReactNode }): ReactNode {
  const open = line.licenseId === null ? {} : { open: line.licenseId };
  return (
    <Link to="/licenses" search={{ tab: "licenses", ...open } as never}>
      {children}
    </Link>
  );
}
