import type { Employee } from "./child.ts";

/** Headings of the pretend company's personnel file. */
export const PERSONNEL_COLUMNS = [
  "Email",
  "User name",
  "Display name",
  "Department",
  "Job title",
  "Manager email",
  "Status",
];

/** The personnel file as its owner would export it, without headings. */
export function personnelRows(employees: readonly Employee[]): string[][] {
  const managers = managersOf(employees);
  return employees.map(({ email, userName, name, department, jobTitle, hasLeft }) => [
    email,
    userName ?? "",
    name,
    department,
    jobTitle,
    managers.get(email) ?? "",
    hasLeft ? "Terminated" : "Active",
  ]);
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
