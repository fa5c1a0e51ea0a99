/**
 * A condition over one seat with its account and person, as plain data: what a rule stores, what the API takes. Each
 * `is` is a file of `rules/conditions/`, which also says what its parameters are; `expression` takes CEL itself.
 */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | ({ is: string } & { [parameter: string]: unknown });
