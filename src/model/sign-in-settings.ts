import type { Role } from "./roles.ts";

/** Single sign-on by one provider of OpenID Connect; its client's secret lies apart, sealed. */
export interface SsoSettings {
  /** As the provider names itself; its discovery document is below it. */
  issuer: string;
  clientId: string;
  scopes: string[];
  /** On the button: "Acme single sign-on". */
  label: string;
  /** Where the provider tells groups or roles: a claim, or a path of claims with dots between. */
  groupsClaim: string;
  /** Who has which value gets which role, anew at each sign-in; none: roles are given in Usher. */
  mapping: { value: string; role: Role }[];
  /** Whoever the provider lets in, and nobody here knows, is made. */
  createsPeople: boolean;
  /** Of whoever no mapping names; null: they are not let in. */
  defaultRole: Role | null;
}

export interface SignInSettings {
  passwords: boolean;
  /** Null: no single sign-on. */
  sso: SsoSettings | null;
}

/** As an installation comes. */
export const DEFAULT_SIGN_IN: SignInSettings = { passwords: true, sso: null };

/** Who somebody is, as the provider tells. */
export interface SsoIdentity {
  issuer: string;
  subject: string;
  name: string | null;
  /** Null where the provider tells none, or does not vouch for it. */
  verifiedEmail: string | null;
  groups: string[];
}
