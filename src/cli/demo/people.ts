import { stringify } from "csv-stringify/sync";
import { applyPeopleImport, listImports, previewPeopleImport } from "../../api/imports.ts";
import { createMatchRule, listMatchRules } from "../../api/match-rules.ts";
import { counted } from "../output/format.ts";
import type { Session } from "../session.ts";
import { INSTANCE } from "./connect.ts";
import type { RunningSimulator } from "../../sim/child.ts";
import { PERSONNEL_COLUMNS, personnelRows } from "../../sim/personnel.ts";

const RULE = "User name in the personnel file";

/**
 * Gives Usher the company's personnel file, as somebody there would: Data Center tells no e-mail address, so nothing
 * else says who is behind its accounts. One rule more compares the user names, for not everybody's is made from the
 * e-mail address. What an earlier start has done is not done again.
 */
export async function importPeople(
  session: Session,
  simulator: RunningSimulator,
  tell: (step: string) => void,
): Promise<void> {
  const given = await session.call(listImports, { query: { kind: ["people"], state: ["applied"], limit: 1 } });
  if (given.items.length > 0) return;
  await addRule(session);
  const csv = stringify([PERSONNEL_COLUMNS, ...personnelRows(await simulator.employees(INSTANCE))]);
  const { id } = await session.call(previewPeopleImport, { csv, query: { fileName: "people.csv" } });
  const { counts } = await session.call(applyPeopleImport, { params: { importId: id }, body: {} });
  tell(`Imported ${counted(counts["new"] ?? 0, "person", "people")} from the personnel file`);
}

async function addRule(session: Session): Promise<void> {
  for await (const { name } of session.items(listMatchRules, {})) if (name === RULE) return;
  await session.call(createMatchRule, {
    body: {
      name: RULE,
      source: "confluence-data-center",
      accountField: "username",
      accountTransforms: [{ kind: "lowercase" }],
      personField: "userName",
      personTransforms: [{ kind: "lowercase" }],
      confidence: "exact",
      position: 2,
    },
  });
}
