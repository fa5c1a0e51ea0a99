import type { WireOf } from "../../api/contract.ts";
import { getLicense, listLicenses } from "../../api/licenses.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure } from "../failure.ts";
import type { Session } from "../session.ts";

export type License = WireOf<typeof getLicense>;

/** A license by its id or its name. */
export async function findLicense(session: Session, given: string): Promise<License> {
  if (given.startsWith("license_")) return session.call(getLicense, { params: { licenseId: given } });
  const names: string[] = [];
  for await (const license of session.items(listLicenses, {})) {
    if (license.name.toLowerCase() === given.toLowerCase()) return license;
    names.push(license.name);
  }
  throw new CliFailure(`No license is called "${given}".`, {
    exitCode: EXIT.notFound,
    why: names.length > 0 ? `There is ${names.join(", ")}.` : "There is no license yet.",
    next: names.length > 0 ? "usher license list" : "usher license add",
  });
}
