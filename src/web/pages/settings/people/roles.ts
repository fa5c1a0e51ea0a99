import type { Text } from "../../../text/define.ts";
import { texts } from "./texts.ts";

/** What a person may be, with what it lets them do. */
export const ROLES: readonly { role: string; label: Text; about: Text }[] = [
  { role: "admin", label: texts.admin, about: texts.adminAbout },
  { role: "connection-admin", label: texts.connectionAdmin, about: texts.connectionAdminAbout },
  { role: "license-manager", label: texts.licenseManager, about: texts.licenseManagerAbout },
  { role: "review-owner", label: texts.reviewOwner, about: texts.reviewOwnerAbout },
  { role: "auditor", label: texts.auditor, about: texts.auditorAbout },
  { role: "member", label: texts.member, about: texts.memberAbout },
];

export function roleLabel(role: string): Text {
  return ROLES.find((each) => each.role === role)?.label ?? { id: `settings-people.role.${role}`, message: role };
}
