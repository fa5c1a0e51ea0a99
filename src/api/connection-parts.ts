import { z } from "zod";
import { idOf, text } from "./contract.ts";
import { CapabilityName } from "./sites.ts";

export const connectionParams = z.strictObject({ connectionId: idOf("connection") });

export const NO_SUCH_CONNECTION = {
  "no-such-connection": { status: 404, says: "There is no such connection." },
} as const;
export const NO_SUCH_CREDENTIAL = {
  "no-such-credential": { status: 404, says: "The connection has no such credential." },
} as const;
export const ARCHIVED = {
  archived: { status: 409, says: "The connection is archived. Make a new one, started from this one." },
} as const;
export const CAPABILITY_CHOICE = {
  "capability-not-offered": { status: 422, says: "This capability cannot be chosen yet." },
  "roster-always-on": { status: 422, says: "Everything else rests on the roster, so it is always on." },
} as const;

export const email = z.email().max(254);
export const capabilities = z.array(CapabilityName).min(1).max(5);
export const typedSite = text(500).meta({
  description:
    "`acme`, its host, any page's URL, a cloud id or the gateway URL; of Data Center its address with the context path, or any page's URL.",
});
