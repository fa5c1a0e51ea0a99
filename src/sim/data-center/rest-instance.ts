import { json, type Reply } from "../http.ts";
import { maxUsers, seatHolders } from "./access.ts";
import { baseUrl, type DataCenterCall, type DataCenterEndpoint } from "./call.ts";

export const instanceEndpoints: readonly DataCenterEndpoint[] = [
  {
    method: "GET",
    template: "/rest/api/server-information",
    handle: ({ sim, dc }) =>
      json({
        baseUrl: baseUrl(sim, dc),
        version: dc.version,
        buildNumber: dc.buildNumber,
        marketplaceBuildNumber: dc.buildNumber,
        buildDate: "2025-09-15T00:00:00.000Z",
      }),
  },
  {
    method: "GET",
    template: "/rest/api/instance-metrics",
    needs: "administrator",
    handle: ({ dc }) => json({ pages: dc.scale.contentItems, spaces: dc.spaces.length, users: seatHolders(dc).size }),
  },
  { method: "GET", template: "/rest/api/accessmode", handle: ({ dc }) => json(JSON.stringify(dc.settings.accessMode)) },
  license("details", (call) => ({
    licenseType: "COMMERCIAL",
    dataCenter: true,
    maximumNumberOfUsers: maxUsers(call.dc),
    expiryDate: call.dc.startedAt + 200 * 86_400_000,
    maintenanceExpiryDate: call.dc.startedAt + 200 * 86_400_000,
  })),
  license("userCount", ({ dc }) => ({ count: seatHolders(dc).size })),
  license("remainingSeats", (call) => ({ count: maxUsers(call.dc) - seatHolders(call.dc).size })),
  license("maxUsers", (call) => ({ count: maxUsers(call.dc) })),
];

/** Undocumented; used by add-ons and monitors (FACTS §10). */
function license(name: string, body: (call: DataCenterCall) => unknown): DataCenterEndpoint {
  const template = `/rest/license/1.0/license/${name}`;
  return { method: "GET", template, needs: "administrator", handle: (call): Reply => json(body(call)) };
}
