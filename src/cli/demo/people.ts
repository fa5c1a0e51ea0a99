import { stringify } from "csv-stringify/sync";
import { applyPeopleImport, listImports, previewPeopleImport } from "../../api/imports.ts";
import { createMatchRule, listMatchRules } from "../../api/match-rules.ts";
import { counted } from "../output/format.ts";
import type { Session } from "../session.ts";
import { INSTANCE } from "./connect.ts";
import type { Employee, RunningSimulator } from "./simulator.ts";

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
  const csv = personnelFile(await simulator.employees(INSTANCE));
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

function personnelFile(employees: readonly Employee[]): string {
  const managers = managersOf(employees);
  return stringify(
    employees.map(({ email, userName, name, department, jobTitle, hasLeft }) => [
      email,
      userName ?? "",
      name,
      department,
      jobTitle,
      managers.get(email) ?? "",
      hasLeft ? "Terminated" : "Active",
    ]),
    {
      header: true,
      columns: ["Email", "User name", "Display name", "Department", "Job title", "Manager email", "Status"],
    },
  );
}

/**
 * Manager's address by the employee's: the first of a department who is still there leads it, and the first of all leads
 * those. So a check-in that nobody answers has somebody to go to.
 */
export function managersOf(employees: readonly Employee[]): Map<string, string> {
  const present = employees.filter(({ hasLeft }) => !hasLeft);
  const [chief] = present;
  const managers = new Map<string, string>();
  if (!chief) return managers;
  const heads = new Map<string, Employee>();
  for (const each of present) if (!heads.has(each.department)) heads.set(each.department, each);
  for (const each of employees) {
    const head = heads.get(each.department) ?? chief;
    const manager = head === each ? chief : head;
    if (manager !== each) managers.set(each.email, manager.email);
  }
  return managers;
}
