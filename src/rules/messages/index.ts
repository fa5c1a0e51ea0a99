import type { MessageTemplate } from "./template.ts";

/** Every kind of message to a person, one line each. */
export const MESSAGE_TEMPLATES: readonly MessageTemplate[] = [];

export function findTemplate(kind: string): MessageTemplate | null {
  return MESSAGE_TEMPLATES.find((each) => each.kind === kind) ?? null;
}
