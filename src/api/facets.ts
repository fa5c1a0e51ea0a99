import { z } from "zod";

/** Counts for the filters of a list. */
export const Facets = z
  .object({
    facets: z.array(
      z
        .object({
          filter: z.string().meta({ description: "The filter of the list that takes the values." }),
          values: z.array(
            z.object({
              value: z.string().nullable().meta({ description: "Null: it has none." }),
              label: z.string().nullable().meta({ description: "The name, where the value is an id." }),
              count: z.int(),
            }),
          ),
          more: z.int().meta({ description: "Values beyond those listed." }),
        })
        .meta({ id: "Facet" }),
    ),
  })
  .meta({ id: "Facets" });

export const FACETS_SAY =
  "What is chosen in a filter does not narrow its own counts, so that the other values show what choosing them would give. At most 50 values each, most first. For now only, not for an earlier day.";
