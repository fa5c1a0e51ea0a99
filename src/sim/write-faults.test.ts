import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { scimEndpoints } from "./api/scim.ts";
import { adminEndpoints } from "./api/admin.ts";
import { provisioned, scimUserId } from "./api/scim-common.ts";
import { groupEndpoints } from "./api/v1-groups.ts";
import { siteEndpoints } from "./api/v1-site.ts";
import { v2Endpoints } from "./api/v2.ts";
import { ADMIN as SYSTEM_ADMIN } from "./data-center/testing.ts";
import { type Simulator, startSimulator } from "./server.ts";
import { acmeOf, ADMIN_TOKEN, ORGANIZATION_KEY } from "./testing.ts";
import { EVERYBODY, memberPosition } from "./world/groups.ts";
import type { Account } from "./world/people.ts";
import { holdsSeat } from "./world/world.ts";

let simulator: Simulator;
let account: Account;

before(async () => {
  simulator = await startSimulator({ scale: "tiny", seed: 3, limits: "off" });
  const site = acmeOf(simulator);
  const everybody = site.groups[EVERYBODY]?.members ?? new Int32Array();
  const found = provisioned(simulator.world).find(
    (each) => each.index > 1 && holdsSeat(site, each) && memberPosition(everybody, each.index) >= 0,
  );
  assert.ok(found);
  account = found;
});

beforeEach(() => {
  simulator.sim.faults.replace([]);
  simulator.sim.writes.reset();
});
after(() => simulator.close());

/** A way to take access away, the way back, and whether it is taken away. */
interface Write {
  name: string;
  authorization: string;
  take: () => Request;
  giveBack: () => Request;
  isTaken: () => boolean;
}

const request = (path: string, method: string, body?: unknown): Request =>
  new Request(simulator.url + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
const everybodyId = () => acmeOf(simulator).groups[EVERYBODY]?.id ?? "";
const accountId = () => encodeURIComponent(account.id);
const isNoMember = () =>
  memberPosition(acmeOf(simulator).groups[EVERYBODY]?.members ?? new Int32Array(), account.index) < 0;
const directory = () => `/api/admin/v2/orgs/${simulator.world.orgId}/directories/${acmeOf(simulator).directoryId}`;
const role = () => ({ role: "atlassian/user", resource: `ari:cloud:confluence::site/${acmeOf(simulator).cloudId}` });
const roles = (verb: string) =>
  request(`/api/admin/v1/orgs/${simulator.world.orgId}/users/${accountId()}/roles/${verb}`, "POST", role());
const provision = (active: boolean) =>
  request(
    `/api/scim/directory/${simulator.world.scimDirectoryId}/Users/${scimUserId(simulator.world, account)}`,
    "PATCH",
    { Operations: [{ op: "replace", path: "active", value: active }] },
  );
const wiki = (path: string, method: string) => request(`/dc/wiki/confluence/rest/api${path}`, method);
const rita = () => {
  const instance = simulator.world.findDataCenter("wiki");
  assert.ok(instance);
  return { instance, user: instance.usersByName.get("rita") };
};

const WRITES: readonly Write[] = [
  {
    name: "Confluence, a group",
    authorization: ADMIN_TOKEN,
    take: () =>
      request(
        `/site/acme/wiki/rest/api/group/userByGroupId?groupId=${everybodyId()}&accountId=${accountId()}`,
        "DELETE",
      ),
    giveBack: () =>
      request(`/site/acme/wiki/rest/api/group/userByGroupId?groupId=${everybodyId()}`, "POST", {
        accountId: account.id,
      }),
    isTaken: isNoMember,
  },
  {
    name: "the organization, a group",
    authorization: ORGANIZATION_KEY,
    take: () => request(`${directory()}/groups/${everybodyId()}/memberships/${accountId()}`, "DELETE"),
    giveBack: () => request(`${directory()}/groups/${everybodyId()}/memberships`, "POST", { accountId: account.id }),
    isTaken: isNoMember,
  },
  {
    name: "the organization, a suspension",
    authorization: ORGANIZATION_KEY,
    take: () => request(`${directory()}/users/${accountId()}/suspend`, "POST"),
    giveBack: () => request(`${directory()}/users/${accountId()}/restore`, "POST"),
    isTaken: () => account.state === "suspended",
  },
  {
    name: "the organization, a role",
    authorization: ORGANIZATION_KEY,
    take: () => roles("revoke"),
    giveBack: () => roles("assign"),
    isTaken: isNoMember,
  },
  {
    name: "the identity provider",
    authorization: "Bearer sim-scim-token",
    take: () => provision(false),
    giveBack: () => provision(true),
    isTaken: () => account.state === "inactive",
  },
  {
    name: "Data Center, a group",
    authorization: SYSTEM_ADMIN,
    take: () => wiki("/user/rita/group/confluence-users", "DELETE"),
    giveBack: () => wiki("/user/rita/group/confluence-users", "PUT"),
    isTaken: () => {
      const { instance, user } = rita();
      const members = instance.groupsByName.get("confluence-users")?.members ?? new Int32Array();
      return memberPosition(members, user?.index ?? -1) < 0;
    },
  },
  {
    name: "Data Center, a user",
    authorization: SYSTEM_ADMIN,
    take: () => wiki("/admin/user/rita/disable", "PUT"),
    giveBack: () => wiki("/admin/user/rita/enable", "PUT"),
    isTaken: () => rita().user?.isActive === false,
  },
];

/** `status`: what the client sees; null for no answer. */
const FAULTS = [
  { kind: "reset-before", status: null, isDone: false },
  { kind: "drop-before", status: null, isDone: false },
  { kind: "reset-after", status: null, isDone: true },
  { kind: "drop-after", status: null, isDone: true },
  { kind: "status", status: 409, isDone: false },
  { kind: "status", status: 403, isDone: false },
  { kind: "status", status: 429, isDone: false },
  { kind: "status-after", status: 500, isDone: true },
  { kind: "status-after", status: 504, isDone: true },
] as const;

async function send({ authorization }: Write, wanted: Request): Promise<number | null> {
  wanted.headers.set("authorization", authorization);
  wanted.headers.set("content-type", "application/json");
  try {
    const response = await fetch(wanted);
    await response.text();
    return response.status;
  } catch {
    // The connection ended without an answer, as some of the faults want.
    return null;
  }
}

describe("every way to take access away", () => {
  for (const write of WRITES) {
    for (const fault of FAULTS) {
      it(`by ${write.name}, with ${fault.kind} ${fault.status ?? ""}: is done or not, and the account of writes says so`, async () => {
        simulator.sim.faults.replace([
          {
            kind: fault.kind,
            ...(fault.status === null ? {} : { status: fault.status }),
            headers: { "Retry-After": "3" },
          },
        ]);

        const seen = await send(write, write.take());
        const isTaken = write.isTaken();
        const again = await send(write, write.take());
        const back = await send(write, write.giveBack());

        assert.deepEqual([seen, isTaken], [fault.status, fault.isDone]);
        assert.ok(again !== null && again < 300 && back !== null && back < 300, `${again}, then ${back}`);
        assert.equal(write.isTaken(), false);
        const entries = simulator.sim.writes.list();
        assert.deepEqual(
          entries.map((each) => [each.status, each.effect]),
          [
            [fault.status, fault.isDone ? "changed" : "not-reached"],
            [again, fault.isDone ? "nothing" : "changed"],
            [back, "changed"],
          ],
        );
        assert.equal(entries[1]?.timesChanged, 1);
      });
    }
  }
});

describe("the endpoints of Cloud", () => {
  it("that change something all say what, and those that only search say nothing", () => {
    const all = [...groupEndpoints, ...siteEndpoints, ...v2Endpoints, ...adminEndpoints, ...scimEndpoints];
    const silent = all.filter((each) => each.method !== "GET" && each.write === undefined);

    assert.deepEqual(
      silent.map((each) => each.template),
      [
        "/wiki/api/v2/users-bulk",
        "/admin/v2/orgs/{orgId}/workspaces",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/search",
        "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/search",
      ],
    );
    assert.ok(all.every((each) => each.method !== "GET" || each.write === undefined));
  });
});
