import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { manualClock } from "../../lib/clock.ts";
import { type Simulator, startSimulator } from "../server.ts";
import type { Answer } from "../testing.ts";
import { type InstanceAsker, instanceAsker, instanceOf, USER } from "./testing.ts";

const START = new Date("2026-11-21T12:00:00Z");
const EVENTS = "/rest/auditing/1.0/events";
const clock = manualClock(START);
let simulator: Simulator;
let wiki: InstanceAsker;

before(async () => {
  simulator = await startSimulator({ scale: "small", seed: 5, clock });
  wiki = instanceAsker(simulator, "wiki");
});

beforeEach(() => clock.moveBy(60_000));
after(() => simulator.close());

interface Entity {
  timestamp: string;
  author: { name: string; type: string; id: string };
  type: { categoryI18nKey: string; category: string; actionI18nKey: string; action: string };
  affectedObjects: { type: string; name: string; id?: string; uri: string }[];
  changedValues: Record<string, unknown>[];
}
interface PagingInfo {
  lastPage: boolean;
  nextPageCursor?: string;
  nextPageLink?: string;
  size: number;
}

const entitiesOf = (answer: Answer): Entity[] => JSON.parse(answer.text).entities;
const pagingOf = (answer: Answer): PagingInfo => JSON.parse(answer.text).pagingInfo;
const actions = (entities: Entity[]) => entities.map((each) => each.type.actionI18nKey.replace(/^.*summary\./, ""));

async function everything(query: string): Promise<Entity[]> {
  const found: Entity[] = [];
  let path: string | undefined = `${EVENTS}?${query}`;
  while (path !== undefined) {
    const answer: Answer = await wiki.ask(path);
    found.push(...entitiesOf(answer));
    path = pagingOf(answer).nextPageLink?.replace(/^.*\/confluence(?=\/rest)/, "");
  }
  return found;
}

describe("audit events of an instance", () => {
  it("have the fields of a recorded one", async () => {
    const entities = await everything("limit=100");
    const keys = (value: unknown) => Object.keys(Object(value)).sort();
    const granted = entities.find((each) => each.type.action === "Space permission added");

    assert.deepEqual(keys(granted), [
      "affectedObjects",
      "author",
      "changedValues",
      "extraAttributes",
      "method",
      "source",
      "system",
      "timestamp",
      "type",
    ]);
    assert.deepEqual(granted?.type, {
      categoryI18nKey: "audit.logging.category.permissions",
      category: "Permissions",
      actionI18nKey: "audit.logging.summary.space.permission.added",
      action: "Space permission added",
    });
    assert.deepEqual(keys(granted?.author), ["avatarUri", "id", "name", "type", "uri"]);
    assert.deepEqual(keys(granted?.changedValues[0]), ["i18nKey", "key", "to"]);
    assert.match(granted?.timestamp ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it("T24: page by milliseconds and id, newest first, each once", async () => {
    const to = clock.now().toISOString();
    const first = await wiki.ask(`${EVENTS}?limit=50&to=${to}`);
    const all = await everything(`limit=50&to=${to}`);

    const paging = pagingOf(first);
    assert.match(paging.nextPageCursor ?? "", /^\d{13},\d+$/);
    assert.ok(paging.nextPageLink?.startsWith(`${simulator.url}/dc/wiki/confluence${EVENTS}?`));
    assert.ok(paging.nextPageLink?.includes(`pageCursor=${encodeURIComponent(paging.nextPageCursor ?? "")}`));
    assert.deepEqual([paging.lastPage, paging.size], [false, 50]);
    const instants = all.map((each) => each.timestamp);
    assert.deepEqual(instants, [...instants].sort().reverse());
    const seeded = all.filter((each) => each.timestamp < START.toISOString());
    assert.equal(seeded.length, instanceOf(simulator, "wiki").scale.auditRecordsPerYear);
  });

  it("T56: tell of whoever reads them", async () => {
    const from = clock.now().toISOString();
    const before = entitiesOf(await wiki.ask(`${EVENTS}?from=${from}`));
    const afterwards = entitiesOf(await wiki.ask(`${EVENTS}?from=${from}`));

    assert.deepEqual(before, []);
    assert.deepEqual(
      afterwards.map((each) => [each.type.action, each.author.name]),
      [["Audit Log search performed", "Petra Novak"]],
    );
  });

  it("leave a record of every change, users by key and groups by name", async () => {
    const from = clock.now().toISOString();
    const { json } = await wiki.control("/change", [
      { kind: "add-account", site: "wiki", name: "Nora New" },
      { kind: "add-group", site: "wiki", name: "new & shiny/1" },
      { kind: "add-member", site: "wiki", account: "rita", group: "new & shiny/1" },
      { kind: "nest-group", site: "wiki", group: "wiki-keepers", subgroup: "new & shiny/1" },
      { kind: "add-space", site: "wiki", name: "New space" },
    ]);
    const ids: string[] = JSON.parse(JSON.stringify(json["ids"]));
    const [account, , , , space] = ids;
    await wiki.control("/change", [
      { kind: "grant", site: "wiki", space, group: "new & shiny/1" },
      { kind: "revoke", site: "wiki", space, group: "new & shiny/1" },
      { kind: "rename-space", site: "wiki", space, name: "Newer space" },
      { kind: "remove-space", site: "wiki", space },
      { kind: "unnest-group", site: "wiki", group: "wiki-keepers", subgroup: "new & shiny/1" },
      { kind: "remove-member", site: "wiki", account: "rita", group: "new & shiny/1" },
      { kind: "remove-group", site: "wiki", group: "new & shiny/1" },
      { kind: "rename-account", site: "wiki", account, name: "Nora Newer" },
      { kind: "deactivate", site: "wiki", account },
      { kind: "remove-account", site: "wiki", account },
    ]);

    const found = (await everything(`from=${from}`)).reverse();

    assert.deepEqual(actions(found).slice(0, 17), [
      "user.created",
      "group.membership.added",
      "group.created",
      "group.membership.added",
      "group.membership.added",
      "space.created",
      "space.permission.added",
      "space.permission.removed",
      "space.config.updated",
      "space.removed",
      "group.membership.removed",
      "group.membership.removed",
      "group.deleted",
      "user.updated",
      "user.updated",
      "user.deleted",
    ]);
    const rita = instanceOf(simulator, "wiki").usersByName.get("rita")?.userKey;
    assert.deepEqual(
      found[3]?.affectedObjects.map(({ type, name, id }) => [type, name, id]),
      [
        ["Group", "new & shiny/1", undefined],
        ["User", "rita", rita],
      ],
    );
    assert.deepEqual(found[14]?.changedValues, [{ key: "Active", i18nKey: "Active", from: "Yes", to: "No" }]);
  });

  it("leave one of each write over the API, by its author", async () => {
    const from = clock.now().toISOString();
    await wiki.ask("/rest/api/user/rita/group/wiki-keepers", { method: "PUT" });
    await wiki.ask("/rest/api/user/rita/group/wiki-keepers", { method: "PUT" });
    await wiki.ask("/rest/api/user/rita/group/wiki-keepers", { method: "DELETE" });

    const found = await everything(`from=${from}&categories=${encodeURIComponent("Users and groups")}`);

    assert.deepEqual(actions(found), ["group.membership.removed", "group.membership.added"]);
    assert.deepEqual([...new Set(found.map((each) => each.author.name))], ["Petra Novak"]);
  });

  it("are searched and filtered", async () => {
    const created = await everything(`actions=${encodeURIComponent("User created")}&limit=10`);
    const searched = await everything("search=confluence-users&limit=10");

    assert.deepEqual([...new Set(actions(created))], ["user.created"]);
    assert.ok(searched.length > 0);
    assert.ok(searched.every((each) => JSON.stringify(each).includes("confluence-users")));
  });

  it("are for administrators, and refuse a cursor that is none", async () => {
    assert.equal((await wiki.ask(EVENTS, { authorization: USER })).status, 403);
    assert.equal((await wiki.ask(`${EVENTS}?pageCursor=abc`)).status, 400);
  });

  it("can be spoiled: a link to another host", async () => {
    await wiki.control("/faults", [{ kind: "foreign-next", path: `${EVENTS}$` }]);

    const { nextPageLink } = pagingOf(await wiki.ask(`${EVENTS}?limit=5`));

    assert.match(nextPageLink ?? "", /^https:\/\/attacker\.example\/.*pageCursor=/);
  });
});
