import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { contentItem, changedAtOf, itemsChangedSince } from "./content.ts";
import { seededAuditRecordsSince } from "./audit.ts";
import { memberPosition } from "./groups.ts";
import { DAY_MS } from "./people.ts";
import { permissionRows } from "./permissions.ts";
import { roleAssignments } from "./roles.ts";
import { SCALES, type ScaleName } from "./scales.ts";
import { givesSeat, holdsSeat, lastViewAt, makeWorld, type SiteWorld, type World } from "./world.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const world = (scale: ScaleName, seed = 1) => makeWorld({ scale, seed, now: NOW });

function acmeOf({ sites }: World): SiteWorld {
  const [acme] = sites;
  assert.ok(acme);
  return acme;
}

describe("the pretend company", () => {
  it("is the same for the same seed and another for another", () => {
    const print = (seed: number) => {
      const { people, sites } = world("small", seed);
      const views = sites.map((site) => people.map((each) => lastViewAt(site, each)));
      const rights = sites.map((site) =>
        site.spaces.map((each) => [permissionRows(site, each), roleAssignments(site, each)]),
      );
      const content = sites.map((site) => contentItem(site, 17));
      return JSON.stringify([
        people,
        sites.map((each) => each.groups.map((group) => [group.name, [...group.members]])),
        views,
        rights,
        content,
      ]);
    };

    assert.equal(print(5), print(5));
    assert.notEqual(print(5), print(6));
  });

  for (const scale of ["small", "medium", "large"] as const) {
    it(`has the numbers of the scale ${scale}`, () => {
      const acme = acmeOf(world(scale));
      const wanted = SCALES[scale];

      assert.equal(acme.accounts.length, wanted.accounts);
      assert.equal(acme.groups.length, wanted.groups);
      assert.equal(acme.spaces.length, wanted.spaces);
      assert.equal(itemsChangedSince(acme, NOW - 90 * DAY_MS), wanted.recentItems);
      assert.equal(seededAuditRecordsSince(acme, NOW - 365 * DAY_MS), wanted.auditRecordsPerYear);
      const rows = acme.spaces.slice(0, 256).map((each) => permissionRows(acme, each).length);
      const average = rows.reduce((sum, each) => sum + each, 0) / rows.length;
      assert.ok(Math.abs(average - 120) < 12, `${average} permission rows a space`);
      const ordinary = acme.groups.slice(5).map((each) => each.members.length);
      const members = ordinary.reduce((sum, each) => sum + each, 0) / ordinary.length;
      assert.ok(Math.abs(members / wanted.membersPerGroup - 1) < 0.2, `${members} members a group`);
    });
  }

  it("has everybody it should have, on both sites", () => {
    const { people, sites } = world("medium");
    const count = (holds: (index: number) => boolean) => people.filter((each) => holds(each.index)).length;

    assert.ok(count((index) => people[index]?.isGuest === true) > 50);
    assert.ok(count((index) => people[index]?.kind === "app") > 50);
    assert.ok(count((index) => people[index]?.kind === "customer") > 50);
    for (const state of ["suspended", "inactive", "closed"])
      assert.ok(count((index) => people[index]?.state === state) > 20, state);
    assert.ok(people.some((each) => each.displayName.endsWith("(Deactivated)")));
    assert.deepEqual(
      sites.map((each) => each.roleMode),
      ["PRE_ROLES", "ROLES"],
    );
    for (const site of sites) {
      assert.ok(site.groups.some((each) => each.managedBy === "EXTERNAL" && givesSeat(each)));
      for (const sign of ["/", "&", ":"])
        assert.ok(
          site.groups.some((each) => each.name.includes(sign)),
          sign,
        );
      assert.ok(
        site.spaces.some((each) => each.type === "personal") && site.spaces.some((each) => each.status === "archived"),
      );
    }
  });

  it("leaves robots, guests, leavers and suspended accounts without a seat, though they are members", () => {
    const { people, sites } = world("medium");
    for (const site of sites) {
      const giving = site.groups.filter(givesSeat);
      const isMember = (index: number) => giving.some(({ members }) => memberPosition(members, index) >= 0);
      const without = people.filter((each) => isMember(each.index) && !holdsSeat(site, each));

      assert.ok(without.some((each) => each.kind === "app"));
      assert.ok(without.some((each) => each.state === "suspended"));
      assert.ok(without.some((each) => each.state === "inactive"));
      assert.ok(without.every((each) => each.kind === "app" || each.state !== "active"));
    }
  });

  it("lets nothing happen around the instants on which decisions hang", () => {
    const { people, sites } = world("medium");
    const isQuiet = (at: number) => {
      const age = (NOW - at) / DAY_MS;
      return (age > 59 && age < 61) || (age > 89.5 && age < 90.5);
    };
    for (const site of sites) {
      for (let item = 0; item < site.scale.recentItems + 500; item++) {
        const { changedAt, createdAt } = contentItem(site, item);
        assert.ok(!isQuiet(changedAt) && !isQuiet(createdAt), `item ${item}`);
      }
      for (const each of people) assert.ok(!isQuiet(lastViewAt(site, each) ?? 0), each.id);
    }
  });

  it("orders content by its last change", () => {
    const acme = acmeOf(world("small"));
    for (let item = 1; item < acme.scale.contentItems; item++) {
      assert.ok(changedAtOf(acme, item) <= changedAtOf(acme, item - 1), `item ${item}`);
    }
  });

  it("has fewer spaces past the largest page than before it, yet some", () => {
    const acme = acmeOf(world("medium"));
    const sizes = acme.spaces.map((each) => permissionRows(acme, each).length);
    const large = sizes.filter((each) => each > 250).length;

    assert.ok(large >= 2 && large < sizes.length / 20, `${large} large spaces`);
    assert.equal(
      new Set(acme.spaces.flatMap((each) => permissionRows(acme, each).map((row) => row.id))).size,
      sizes.reduce((sum, each) => sum + each, 0),
    );
  });
});
