import type { ReactNode } from "react";
import { Page as Frame } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { t } from "../../text/t.ts";
import { Accounts } from "./accounts.tsx";
import { Editions } from "./editions.tsx";
import { Rules } from "./rules.tsx";
import { texts } from "./texts.ts";

/** What can't be tied to a person or a license? */
export function Page(): ReactNode {
  return (
    <Frame title={texts.title}>
      <Tabs
        label={t(texts.tabs)}
        tabs={[
          { id: "editions", label: t(texts.editions), content: () => <Editions /> },
          { id: "accounts", label: t(texts.accounts), content: () => <Accounts /> },
          { id: "rules", label: t(texts.rules), content: () => <Rules /> },
        ]}
      />
    </Frame>
  );
}
