import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "../../store/sql.ts";
import { siteFixture } from "../../store/testing/facts.ts";
import { startTestServer, type TestServer } from "../testing/server.ts";

const HEADINGS =
  "name,sites,edition,metric,quantity,pricing,prices,currency,termStart,termEnd,billingDay,renewalOn,noticeOn,autoRenew,renewalQuantity,costCenter,owner,note";

describe("files of licenses over HTTP", () => {
  let server: TestServer;
  let headers: { authorization: string };

  before(async () => {
    server = await startTestServer();
    server.clock.moveTo(new Date("2026-11-21T12:00:00Z"));
    await siteFixture(server.db, { name: "acme" });
    await siteFixture(server.db, { name: "beta" });
    await siteFixture(server.db, { name: "wiki", source: "confluence-data-center", edition: "data-center" });
    await server.db.query(sql`
      insert into operators (kind, name, email, created_at)
      values ('person', 'Lea', 'lea@acme.example', '2026-01-01T00:00:00Z')
    `);
    headers = server.authorization(await server.makeToken(["licenses:write"]));
  });

  after(() => server.close());

  const send = (method: "GET" | "POST" | "DELETE", path: string, type?: string, payload?: string | Buffer | object) =>
    server.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { ...headers, ...(type === undefined ? {} : { "content-type": type }) },
      ...(payload === undefined ? {} : { payload }),
    });

  async function applied(csv: string) {
    const preview = await send("POST", "/licenses/import?fileName=licenses.csv", "text/csv", csv);
    assert.equal(preview.statusCode, 201, preview.body);
    const { id, counts, errors } = preview.json();
    const apply = await send("POST", `/licenses/import/${id}/apply`, "application/json", { acceptErrors: false });
    return { counts, errors, apply: apply.statusCode, applied: apply.json() };
  }

  const FILE = [
    HEADINGS,
    `Acme,acme; beta,standard,monthly-seats,,bands,"100: 6.55; *: 5.10",USD,2026-01-15,,31,,,no,,IT,lea@acme.example,"=by invoice, 2026"`,
    `Wiki,wiki,data-center,data-center-tier,500,tiers,500: 28500; 1000: 51100,JPY,2026-03-01,2027-03-01,,,2027-01-30,yes,500,,,`,
  ].join("\n");

  it("add what is new, and an export of it imports again unchanged", async () => {
    const first = await applied(FILE);
    const exported = await send("GET", "/licenses/export");
    const again = await applied(exported.body);

    assert.deepEqual([first.apply, first.counts], [200, { rows: 2, errors: 0, new: 2, changed: 0, unchanged: 0 }]);
    assert.match(String(exported.headers["content-disposition"]), /licenses-2026-11-21\.csv/);
    assert.deepEqual(again.counts, { rows: 2, errors: 0, new: 0, changed: 0, unchanged: 2 });
    const { items } = (await send("GET", "/licenses")).json();
    assert.deepEqual(
      items.map(({ name, sites, owner, note, revision, quantity }: Record<string, unknown>) => [
        name,
        sites,
        owner,
        note,
        revision,
        quantity,
      ]),
      [
        ["Acme", ["acme", "beta"], "Lea", "=by invoice, 2026", 1, null],
        ["Wiki", ["wiki"], null, null, 1, 500],
      ],
    );
    assert.deepEqual(items[1].pricing.steps, [
      { upTo: 500, priceMinor: 28500 },
      { upTo: 1000, priceMinor: 51100 },
    ]);
  });

  it("change what a column says, and keep what the file has no column for", async () => {
    const { counts } = await applied("name,sites,quantity,note\nwiki,wiki,1000,\n");

    const [wiki] = (await send("GET", "/licenses?q=wiki")).json().items;
    assert.deepEqual(counts, { rows: 1, errors: 0, new: 0, changed: 1, unchanged: 0 });
    assert.deepEqual([wiki.quantity, wiki.currency, wiki.revision, wiki.name], [1000, "JPY", 2, "wiki"]);
  });

  it("say row by row what is wrong, and change nothing", async () => {
    const { counts, errors, apply } = await applied(
      [
        HEADINGS,
        `New,nowhere,standard,monthly-seats,,bands,6.555,USD,2026-01-15,,,,,,,,sam@acme.example,`,
        `Second,acme,standard,monthly-seats,,bands,6.55,USD,2026-01-15,,,,,,,,,`,
        `,acme,gold,monthly-seats,x,bands,6.55,ABC,15.1.2026,,40,,,maybe,,,,`,
        `Third,beta,standard`,
        `Fourth,beta,standard,monthly-seats,,bands,6.55,USD,2026-01-15,,0,,,,,,,`,
        `Fifth,beta,standard,monthly-seats,,bands,1000001: 6.55,USD,2027-01-15,,,,,,,,,`,
      ].join("\n"),
    );

    assert.deepEqual([apply, counts.errors, counts.new], [409, 6, 0]);
    const told = errors.map(({ row, field }: { row: number; field: string }) => `${row} ${field}`);
    assert.deepEqual(told, [
      "2 prices",
      "3 sites",
      "4 name",
      "4 edition",
      "4 quantity",
      "4 currency",
      "4 termStart",
      "4 billingDay",
      "4 autoRenew",
      "5 row",
      "6 billingDay",
      "7 pricing.steps.0.upTo",
      "7 sites",
    ]);
  });

  it("export and import again whatever a license is called, and an export holds no formula", async () => {
    for (const [index, name] of ["=1+1", "'=1+1", "'", "＝1+1", '"quoted"', "a;b, c"].entries()) {
      const siteId = (await siteFixture(server.db, { name: `odd ${index}` })).siteId;
      const made = await send("POST", "/licenses", "application/json", {
        name,
        siteIds: [siteId],
        edition: "standard",
        metric: "monthly-seats",
        pricing: { kind: "bands", steps: [{ upTo: null, priceMinor: 655 }] },
        currency: "USD",
        termStart: "2026-01-15",
        costCenter: name,
      });
      assert.equal(made.statusCode, 201, made.body);
    }

    const exported = (await send("GET", "/licenses/export")).body;
    const { counts } = await applied(exported);

    assert.deepEqual([counts.errors, counts.new, counts.changed], [0, 0, 0]);
    assert.doesNotMatch(exported, /(^|,|\n)"?[=＝]/);
  });

  it("keep documents whole, by their hash, up to a size", async () => {
    const [{ id }] = (await send("GET", "/licenses?q=acme")).json().items;
    const content = Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 255, 10]);
    const type = "application/octet-stream";

    const made = await send(
      "POST",
      `/licenses/${id}/documents?name=Contract%202026%22.pdf&mediaType=application/pdf`,
      type,
      content,
    );
    const document = made.json();
    const back = await send("GET", `/licenses/${id}/documents/${document.id}`);
    const empty = await send("POST", `/licenses/${id}/documents?name=nothing`, type, "");
    const large = await send("POST", `/licenses/${id}/documents?name=large`, type, Buffer.alloc(10 * 1024 * 1024 + 1));

    assert.deepEqual([made.statusCode, document.sizeBytes, document.mediaType], [201, 7, "application/pdf"]);
    assert.deepEqual(back.rawPayload, content);
    assert.equal(back.headers["content-type"], "application/pdf");
    assert.equal(back.headers["content-disposition"], 'attachment; filename="Contract 2026_.pdf"');
    assert.deepEqual([empty.json().code, large.json().code], ["document-size", "document-size"]);
    assert.equal((await send("GET", `/licenses/${id}`)).json().documents, 1);
    assert.equal((await send("DELETE", `/licenses/${id}/documents/${document.id}`)).statusCode, 204);
    assert.equal((await send("GET", `/licenses/${id}/documents/${document.id}`)).json().code, "no-such-document");
  });
});
