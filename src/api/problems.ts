import { z } from "zod";

/** One field that is wrong. `field` is a path: `query.limit`, `body.scopes.0`, `header.if-match`. */
export const FieldError = z.object({
  field: z.string(),
  what: z.string().meta({ description: "What is wrong with it." }),
  expected: z.string().meta({ description: "What would be right." }),
});
export type FieldError = z.infer<typeof FieldError>;

/** RFC 9457, "Problem Details for HTTP APIs", with a code for programs and the fields that are wrong. */
export const Problem = z
  .object({
    type: z.string().meta({ description: "`urn:usher:problem:` and the code." }),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: "Stable: programs decide by it." }),
    detail: z.string().meta({ description: "What happened and what to do next, for people." }),
    errors: z.array(FieldError),
    requestId: z.string().meta({ description: "Quote it to whoever runs this installation." }),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof Problem>;

export const PROBLEM_TYPE = "application/problem+json";
