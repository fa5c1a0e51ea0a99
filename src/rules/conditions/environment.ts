import { Environment } from "@marcbachmann/cel-js";
import type { FactType } from "../../model/expression.ts";
import { FACT_NAMES, FACTS } from "./facts.ts";

const CEL_TYPES: Readonly<Record<FactType, string>> = {
  string: "string",
  number: "int",
  boolean: "bool",
  instant: "google.protobuf.Timestamp",
};

/** The library tells types apart by their classes; no value of them is ever made. */
const typeClass = () =>
  class {
    readonly isType = true;
  };

function fieldsOf(group: string): Record<string, string> {
  const names = FACT_NAMES.filter((name) => name.startsWith(`${group}.`));
  return Object.fromEntries(names.map((name) => [name.slice(group.length + 1), CEL_TYPES[FACTS[name].type]]));
}

/** Questions about use, in the words that expressions use: the library checks their types, SQL and evaluation answer. */
export const SILENCE_FUNCTIONS = [
  "Seat.idle(int): bool",
  "Seat.idle(int, list<string>): bool",
  "Seat.neverUsed(int): bool",
  "Seat.leastActive(int, int): bool",
] as const;

/** Asked of the directory, not of the seat's own facts. */
export const MEMBERSHIP_FUNCTIONS = ["Account.inGroup(list<string>): bool"] as const;

/** Reads and type-checks expressions; it never evaluates one, because its logic has two values and ours three. */
export const environment = [...SILENCE_FUNCTIONS, ...MEMBERSHIP_FUNCTIONS].reduce(
  (env, signature) => env.registerFunction(signature, () => false),
  new Environment({
    limits: { maxAstNodes: 500, maxDepth: 32, maxListElements: 200, maxMapEntries: 0, maxCallArguments: 4 },
  })
    .registerType("Seat", { ctor: typeClass(), fields: fieldsOf("seat") })
    .registerType("Account", { ctor: typeClass(), fields: fieldsOf("account") })
    .registerType("Person", { ctor: typeClass(), fields: fieldsOf("person") })
    .registerVariable("seat", "Seat")
    .registerVariable("account", "Account")
    .registerVariable("person", "Person")
    .registerVariable("now", "google.protobuf.Timestamp"),
);
