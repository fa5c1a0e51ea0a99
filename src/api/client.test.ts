import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { manualClock } from "../lib/clock.ts";
import { ApiProblem, ApiUnreachable, createClient, type Client } from "./client.ts";
import { changeJob } from "./jobs.ts";
import { getRun, followRun, listRuns, requestRun, type RunUpdate } from "./runs.ts";
import { revokeToken } from "./tokens.ts";
import type { z } from "zod";

const RUN = {
  id: "run_000000000001",
  siteId: "site_000000000001",
  siteName: "acme",
  connectionId: "connection_000000000001",
  scope: "full",
  trigger: "person",
  state: "running",
  requestedBy: "operator_000000000001",
  requestedAt: "2026-05-03T12:00:00.000Z",
  startedAt: null,
  observedAt: null,
  finishedAt: null,
  counts: { read: 0, added: 0, changed: 0, gone: 0, notVisible: 0, errors: 0 },
  requests: 0,
  points: 0,
  forecastRequests: null,
  forecastPoints: null,
  waitedMs: 0,
  resumed: 0,
  held: null,
  heldDecision: null,
  errorCode: null,
  errorMessage: null,
  worker: null,
  answers: { answered: 0, slowed: 0, refused: 0, "not-found": 0, failed: 0, silent: 0 },
};

const RUN_DETAIL = {
  ...RUN,
  progress: [],
  waitsUntil: null,
  warnings: 0,
  errors: 0,
  earlier: null,
  jobResultId: null,
};

type Update = z.input<typeof RunUpdate>;

interface Asked {
  url: string;
  method: string | undefined;
  headers: Record<string, string>;
  body: unknown;
}

/** A client whose requests are answered one after the other by `answers`. */
function clientOf(answers: (() => Response)[]): { client: Client; asked: Asked[] } {
  const asked: Asked[] = [];
  const client = createClient({
    baseUrl: "http://usher.example/",
    token: "usher_secret",
    clock: manualClock(new Date("2026-05-03T12:00:00.000Z")),
    door: "cli",
    fetch: async (url, init) => {
      const body: unknown = typeof init?.body === "string" ? JSON.parse(init.body) : null;
      asked.push({ url: String(url), method: init?.method, headers: init?.headers as Record<string, string>, body });
      const answer = answers.shift();
      if (!answer)
        throw new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code: "ECONNREFUSED" }) });
      return answer();
    },
  });
  return { client, asked };
}

function page(items: unknown[], next: string | null): () => Response {
  return () => Response.json({ items, next, total: null, dataAsOf: null });
}

function stream(...blocks: string[]): () => Response {
  return () => new Response(blocks.join(""), { headers: { "content-type": "text/event-stream" } });
}

function update(seq: number, state: string): string {
  const data = { run: { ...RUN, state }, progress: [], events: [] };
  return `id: ${seq}\nevent: update\ndata: ${JSON.stringify(data)}\n\n`;
}

describe("the API client", () => {
  it("fills the path, sends its token and says by which door it comes", async () => {
    const { client, asked } = clientOf([() => Response.json(RUN_DETAIL)]);

    const run = await client.call(getRun, { params: { runId: RUN.id } });

    assert.equal(run.requestedAt, "2026-05-03T12:00:00.000Z");
    assert.equal(asked[0]?.url, `http://usher.example/api/v1/runs/${RUN.id}`);
    assert.equal(asked[0]?.headers["authorization"], "Bearer usher_secret");
    assert.equal(asked[0]?.headers["usher-client"], "cli");
  });

  it("sends bodies as JSON, and takes an answer without one", async () => {
    const { client, asked } = clientOf([
      () => Response.json(RUN, { status: 202 }),
      () => new Response(null, { status: 204 }),
    ]);

    await client.call(requestRun, { body: { siteId: RUN.siteId } });
    await client.call(revokeToken, { params: { tokenId: "token_000000000001" } });

    assert.deepEqual(asked[0]?.body, { siteId: RUN.siteId });
    assert.deepEqual([asked[1]?.method, asked[1]?.body], ["DELETE", null]);
  });

  it("throws the problem that the server told", async () => {
    const problem = {
      type: "/docs/#problem-no-such-job",
      title: "Not found",
      status: 404,
      code: "no-such-job",
      detail: "There is no such job.",
      errors: [],
      requestId: "req_1",
    };
    const { client } = clientOf([() => Response.json(problem, { status: 404 })]);

    await assert.rejects(
      client.call(changeJob, { params: { jobId: "job_000000000001" }, body: { enabled: true } }),
      (error) => {
        assert.ok(error instanceof ApiProblem);
        assert.deepEqual(error.problem, problem);
        return true;
      },
    );
  });

  it("tells an address that is not Usher's from one where nothing listens", async () => {
    const { client } = clientOf([
      () => new Response("<html>Welcome</html>", { status: 502 }),
      () => Response.json({ hello: 1 }),
    ]);
    const ask = () => client.call(getRun, { params: { runId: RUN.id } });

    await assert.rejects(ask, { name: ApiUnreachable.name, message: /answered 502, but not as Usher does/ });
    await assert.rejects(ask, { name: ApiUnreachable.name, message: /one version/ });
    await assert.rejects(ask, { name: ApiUnreachable.name, message: /nothing listens there/ });
  });

  it("follows a list from page to page, with its filters on each", async () => {
    const { client, asked } = clientOf([page([RUN, RUN], "next+page"), page([RUN], null)]);

    const runs = await Array.fromAsync(client.items(listRuns, { query: { state: ["queued", "running"], limit: 2 } }));

    assert.equal(runs.length, 3);
    assert.deepEqual(
      asked.map(({ url }) => new URL(url).search),
      ["?state=queued%2Crunning&limit=2", "?state=queued%2Crunning&limit=2&cursor=next%2Bpage"],
    );
  });

  it("opens a stream again where it broke off, until the last event", async () => {
    const torn = update(3, "running");
    const { client, asked } = clientOf([
      stream("retry: 2000\n\n", update(1, "running"), ": still here\n\n", update(2, "running"), torn.slice(0, 40)),
      stream(torn, update(4, "succeeded"), update(5, "succeeded")),
    ]);

    const updates: Update[] = await Array.fromAsync(
      client.events(followRun, { params: { runId: RUN.id } }, ({ run }) => run.state === "succeeded"),
    );

    assert.deepEqual(
      updates.map(({ run }) => run.state),
      ["running", "running", "running", "succeeded"],
    );
    assert.deepEqual(
      asked.map(({ headers }) => headers["last-event-id"]),
      [undefined, "2"],
    );
  });
});
