import type { ReactNode } from "react";
import { Page as Frame } from "../../parts/page.tsx";
import { Matrix } from "./matrix/matrix.tsx";
import { texts } from "./texts.ts";

/** The matrix over all spaces: by person or group, or by permission. */
export function Page(): ReactNode {
  return (
    <Frame title={texts.whoCanDoWhat}>
      <Matrix space={null} />
    </Frame>
  );
}
