import { z } from "zod";
import { ACTION_STATES } from "../model/plans.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { defineList, flag, manyOf } from "./lists.ts";

export const ActionStateName = z.enum(ACTION_STATES).meta({ id: "ActionState" });

const actionFields = {
  id: z.string(),
  planId: z.string(),
  position: z.int().meta({ description: "Of its seat in the plan." }),
  siteId: z.string(),
  accountId: z.string(),
  kind: z.string().meta({
    description: "`remove-member`, `add-member`, `suspend-account`, …; `instruction` and `webhook` are made elsewhere.",
  }),
  target: z.object({ accountSourceId: z.string(), groupSourceId: z.string().optional() }),
  state: ActionStateName,
  sentAt: instant.nullable().meta({ description: "When it was last sent; what was not read back since is unknown." }),
  answeredAt: instant.nullable(),
  reportedAt: instant.nullable(),
  reportedBy: z.string().nullable(),
  attempts: z.int(),
  nextAt: instant,
  plannedAt: instant,
  finishedAt: instant.nullable(),
  before: z.record(z.string(), z.unknown()).nullable().meta({ description: "What was read before it was sent." }),
  after: z.record(z.string(), z.unknown()).nullable().meta({ description: "What was read back." }),
  outcome: z.object({ code: z.string(), message: z.string(), fix: z.string().nullable() }).nullable(),
};

export const Action = z.object(actionFields).meta({ id: "Action" });

export const ListedAction = z
  .object({
    ...actionFields,
    site: z.string(),
    name: z.string().nullable(),
    instruction: z.string().nullable().meta({ description: "What whoever makes it elsewhere is to do." }),
  })
  .meta({ id: "ListedAction" });

const NO_SUCH_ACTION = { "no-such-action": { status: 404, says: "There is no such action." } } as const;
const actionParams = z.strictObject({ actionId: idOf("action") });

export const listActions = defineList({
  id: "actions.list",
  path: "/actions",
  summary: "Changes at sources: planned, sent, read back",
  scope: "plans:read",
  item: ListedAction,
  sorts: ["plannedAt"],
  defaultSort: "-plannedAt",
  filters: {
    planId: idOf("plan").optional(),
    siteId: idOf("site").optional(),
    state: manyOf(ActionStateName).optional(),
    waits: flag
      .optional()
      .meta({ description: "Those that a person or another system makes and nobody has reported." }),
  },
});

export const getAction = defineRoute({
  id: "actions.get",
  method: "GET",
  path: "/actions/{actionId}",
  summary: "One change at a source",
  scope: "plans:read",
  params: actionParams,
  answer: Action,
  refusals: NO_SUCH_ACTION,
});

export const reportAction = defineRoute({
  id: "actions.report",
  method: "POST",
  path: "/actions/{actionId}/report",
  summary: "Say what became of a change that Usher does not make itself",
  description:
    "For instructions that a person carried out and requests that an outside flow took. `done` is read back from the source before it counts; where the source says otherwise, the action waits again.",
  scope: "plans:write",
  params: actionParams,
  body: z.strictObject({
    outcome: z.enum(["done", "failed"]),
    note: text(1000).nullable().default(null).meta({ description: "Needed where it failed." }),
  }),
  answer: Action,
  refusals: {
    ...NO_SUCH_ACTION,
    "not-reported": { status: 409, says: "Usher makes this change itself, and reads back what became of it." },
    "already-ended": { status: 409, says: "It has ended already." },
    "note-needed": { status: 422, says: "Say in `note` why it could not be done." },
  },
});

export const actionRoutes = [listActions, getAction, reportAction];
