import { type ReactNode, useState } from "react";
import type { AnswerFor } from "../../../api/call.ts";
import { useChange } from "../../../api/query.ts";
import { Button } from "../../../parts/button.tsx";
import { CheckField, SelectField, TextArea, TextField } from "../../../parts/form.tsx";
import { Banner, Failure } from "../../../parts/states.tsx";
import { t } from "../../../text/t.ts";
import classes from "../page.module.css";
import { ROLES } from "../people/roles.ts";
import { mappingText } from "./read-form.ts";
import { texts } from "./texts.ts";

type Sso = AnswerFor<"sign-in-settings.get">["sso"];

/** The provider, and what its groups make of people here. The client's secret is never shown again. */
export function SsoFields({ sso }: { sso: Sso }): ReactNode {
  const [issuer, setIssuer] = useState(sso?.issuer ?? "");
  return (
    <>
      <TextField
        name="sso.issuer"
        label={t(texts.issuer)}
        hint={t(texts.issuerHint)}
        type="url"
        value={issuer}
        onChange={(event) => setIssuer(event.target.value)}
        autoComplete="off"
      />
      <CheckProvider issuer={issuer} />
      <TextField name="sso.clientId" label={t(texts.clientId)} defaultValue={sso?.clientId} autoComplete="off" />
      <TextField
        name="sso.clientSecret"
        label={t(texts.clientSecret)}
        hint={t(sso?.hasClientSecret ? texts.secretKept : texts.secretNeeded)}
        type="password"
        autoComplete="new-password"
      />
      <TextField name="sso.label" label={t(texts.label)} hint={t(texts.labelHint)} defaultValue={sso?.label ?? ""} />
      <TextField
        name="sso.scopes"
        label={t(texts.scopes)}
        hint={t(texts.scopesHint)}
        defaultValue={(sso?.scopes ?? ["openid", "email", "profile"]).join(" ")}
      />
      <TextField
        name="sso.groupsClaim"
        label={t(texts.groupsClaim)}
        hint={t(texts.groupsClaimHint)}
        defaultValue={sso?.groupsClaim ?? "groups"}
      />
      <TextArea
        name="sso.mapping"
        label={t(texts.mapping)}
        hint={t(texts.mappingHint)}
        defaultValue={mappingText(sso?.mapping ?? [])}
        isOptional
      />
      <CheckField
        name="sso.createsPeople"
        value="on"
        defaultChecked={sso?.createsPeople ?? false}
        label={t(texts.createsPeople)}
        hint={t(texts.createsPeopleHint)}
      />
      <SelectField
        name="sso.defaultRole"
        label={t(texts.defaultRole)}
        hint={t(texts.defaultRoleHint)}
        defaultValue={sso?.defaultRole ?? ""}
        choices={[
          { value: "", label: t(texts.noRole) },
          ...ROLES.map(({ role, label }) => ({ value: role, label: t(label) })),
        ]}
      />
    </>
  );
}

/** What the provider says of itself, before anything is saved. */
function CheckProvider({ issuer }: { issuer: string }): ReactNode {
  const check = useChange("sign-in-settings.check");
  return (
    <div className={classes["stack"]}>
      <div>
        <Button isBusy={check.isPending} onClick={() => check.mutate({ body: { issuer } })}>
          {t(texts.check)}
        </Button>
      </div>
      {check.error && <Failure error={check.error} title={texts.notUsable} />}
      {check.data && (
        <Banner kind={check.data.warnings.length > 0 ? "warn" : "ok"}>
          <p>{t(texts.answers, { issuer: check.data.issuer })}</p>
          <ul>
            {check.data.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Banner>
      )}
    </div>
  );
}
