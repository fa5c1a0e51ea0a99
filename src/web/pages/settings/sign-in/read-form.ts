import type { BodyOf } from "../../../../api/contract.ts";
import type { Routes } from "../../../api/routes.generated.ts";

type Body = BodyOf<Routes["sign-in-settings.change"]>;
type Mapping = NonNullable<NonNullable<Body["sso"]>["mapping"]>;

/** The settings as the API takes them. A secret that was not typed is left out, so the one that is kept stays. */
export function bodyOf(form: FormData): Body {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const passwords = form.get("passwords") === "on";
  if (form.get("isSsoOn") !== "on") return { passwords, sso: null };
  const clientSecret = String(form.get("sso.clientSecret") ?? "");
  const defaultRole = text("sso.defaultRole");
  return {
    passwords,
    sso: {
      issuer: text("sso.issuer"),
      clientId: text("sso.clientId"),
      ...(clientSecret === "" ? {} : { clientSecret }),
      label: text("sso.label"),
      scopes: text("sso.scopes").split(/\s+/).filter(Boolean),
      groupsClaim: text("sso.groupsClaim"),
      mapping: readMapping(text("sso.mapping")),
      createsPeople: form.get("sso.createsPeople") === "on",
      defaultRole: defaultRole === "" ? null : (defaultRole as Mapping[number]["role"]),
    },
  };
}

/** One line each, "value = role"; a value may itself hold an equals sign, a role never does. */
export function readMapping(text: string): Mapping {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const at = line.lastIndexOf("=");
    const role = at === -1 ? "" : line.slice(at + 1).trim();
    return { value: (at === -1 ? line : line.slice(0, at)).trim(), role: role as Mapping[number]["role"] };
  });
}

export function mappingText(mapping: Mapping): string {
  return mapping.map(({ value, role }) => `${value} = ${role}`).join("\n");
}
