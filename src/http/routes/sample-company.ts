import * as api from "../../api/sample-company.ts";
import type { AnswerOf } from "../../api/contract.ts";
import { requestSampleRemoval } from "../../commands/sample/request-removal.ts";
import { requestSample } from "../../commands/sample/request-sample.ts";
import { ok } from "../../lib/result.ts";
import type { Reader } from "../../store/database.ts";
import { findSampleCompany, findSampleParts, hasRealCompany } from "../../store/sample/sample-company.ts";
import { handle } from "../route.ts";

export const sampleCompanyHandlers = [
  handle(api.getSampleCompany, async ({ reader }) => ok(await readSample(reader))),

  handle(api.createSampleCompany, async ({ ctx, reader, body }) => {
    const requested = await requestSample(ctx, body.scale);
    return requested.ok ? ok(await readSample(reader)) : requested;
  }),

  handle(api.removeSampleCompany, async ({ ctx, reader }) => {
    const requested = await requestSampleRemoval(ctx);
    return requested.ok ? ok(await readSample(reader)) : requested;
  }),
];

async function readSample(reader: Reader): Promise<AnswerOf<typeof api.getSampleCompany>> {
  const sample = await findSampleCompany(reader);
  const hasReal = await hasRealCompany(reader);
  return {
    state: sample?.state ?? "absent",
    step: sample?.step ?? null,
    problem: sample?.problem ?? null,
    scale: sample?.scale ?? null,
    requestedAt: sample?.requestedAt ?? null,
    readyAt: sample?.readyAt ?? null,
    ...(await findSampleParts(reader)),
    isOffered: sample === null && !hasReal,
    offersRemoval: sample !== null && sample.state !== "removing" && hasReal,
  };
}
