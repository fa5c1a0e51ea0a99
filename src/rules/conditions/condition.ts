/** A parameter of a condition as plain data: what the API, the command line and the reference page say of it. */
export interface ConditionParameter {
  name: string;
  label: string;
  type: "integer" | "text" | "list";
  isRequired: boolean;
  /** Taken when it is left out. */
  default?: number | readonly string[];
  min?: number;
  max?: number;
  /** Of a list: the words it may hold; any where left out. */
  choices?: readonly string[];
  /** Of a text, in characters. */
  lengthMax?: number;
}

export type ConditionValues = Readonly<Record<string, unknown>>;

/** What a reclamation rule or an exclusion may ask of a seat: one file each. `toCel` gets values that were checked. */
export interface ConditionKind {
  id: string;
  label: string;
  /** One or two sentences of the reference page: when it holds, and when it cannot be told. */
  description: string;
  parameters: readonly ConditionParameter[];
  toCel(values: ConditionValues): string;
  /** The condition with its values, in words. */
  say(values: ConditionValues): string;
}

export function integerOf(values: ConditionValues, name: string): number {
  return Number(values[name]);
}

export function listOf(values: ConditionValues, name: string): string[] {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** CEL reads strings as JSON writes them. */
export function celList(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;
}
