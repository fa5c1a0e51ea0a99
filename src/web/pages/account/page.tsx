import { lazy, type ReactNode, Suspense } from "react";
import { Page as Frame } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useMay, useSession } from "../../shell/session.tsx";
import { t } from "../../text/t.ts";
import { Password } from "./password.tsx";
import { PreferencesForm } from "./preferences.tsx";
import { Sessions } from "./sessions.tsx";
import { texts } from "./texts.ts";

// Most come for their password or their sessions.
const OwnTokens = lazy(async () => ({ default: (await import("./tokens.tsx")).OwnTokens }));

/** What is one's own: where one is signed in, one's password and tokens, and how this browser shows things. */
export function Page(): ReactNode {
  const { operator, roles } = useSession();
  const may = useMay();
  return (
    <Frame
      title={texts.title}
      about={`${operator.name} · ${operator.email ?? t(texts.serviceAccount)} · ${roles.join(", ")}`}
    >
      <Tabs
        label={t(texts.title)}
        tabs={[
          { id: "preferences", label: t(texts.preferences), content: () => <PreferencesForm /> },
          { id: "sessions", label: t(texts.sessions), content: () => <Sessions /> },
          { id: "password", label: t(texts.password), content: () => <Password /> },
          ...(may("tokens:read")
            ? [
                {
                  id: "tokens",
                  label: t(texts.tokens),
                  content: () => (
                    <Suspense>
                      <OwnTokens />
                    </Suspense>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Frame>
  );
}
