import * as api from "../../api/sign-in-settings.ts";
import { changeSignInSettings } from "../../commands/sign-in/change-sign-in-settings.ts";
import { messageOf } from "../../lib/errors.ts";
import { ok, refuse } from "../../lib/result.ts";
import { readSignInSettings, type SavedSignInSettings } from "../../store/sign-in/settings.ts";
import { handle } from "../route.ts";
import { readProvider } from "../sign-in/provider.ts";
import { callbackUrl, signedOutUrl } from "../sign-in/sso-urls.ts";

export const signInSettingsHandlers = [
  handle(api.getSignInSettings, async ({ reader, publicUrl }) =>
    ok(shown(await readSignInSettings(reader), publicUrl)),
  ),

  handle(api.changeSignInSettings, async ({ ctx, body, ifMatch, publicUrl }) => {
    const { clientSecret = null, ...sso } = body.sso ?? {};
    const wish = { passwords: body.passwords, sso: body.sso === null ? null : (sso as typeof body.sso), clientSecret };
    const changed = await changeSignInSettings(ctx, ifMatch, wish);
    return changed.ok ? ok(shown(changed.value, publicUrl)) : changed;
  }),

  handle(api.checkSignInSettings, async ({ body, signal }) => {
    try {
      return ok(await readProvider(body.issuer, signal));
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const why = messageOf(thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown);
      const what = `is not answered by a provider: ${why.slice(0, 200)}`;
      const errors = [{ field: "body.issuer", what, expected: "the issuer as its provider shows it" }];
      return refuse({ code: "issuer-not-usable", errors });
    }
  }),
];

/** The secret is never shown, sealed or not. */
function shown({ passwords, sso, clientSecret, revision }: SavedSignInSettings, publicUrl: string) {
  return {
    passwords,
    sso: sso && { ...sso, hasClientSecret: clientSecret !== null },
    redirectUrl: callbackUrl(publicUrl),
    signOutRedirectUrl: signedOutUrl(publicUrl),
    revision,
  };
}
