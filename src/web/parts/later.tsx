import { type ComponentType, type ReactNode, useEffect, useState } from "react";

/**
 * A part whose script comes after its page; `Meanwhile` stands in its place. For what is in sight at once: React's Suspense
 * would keep it back for up to 300 ms after it showed a fallback.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Meanwhile: (props: Props) => ReactNode,
): (props: Props) => ReactNode {
  let found: ComponentType<Props> | null = null;
  return function Later(props) {
    const [Loaded, setLoaded] = useState(() => found);
    const [problem, setProblem] = useState<Error | null>(null);
    useEffect(() => {
      let isShown = true;
      const keep = (component: ComponentType<Props>) => {
        found = component;
        if (isShown) setLoaded(() => component);
      };
      load().then(keep, (error: Error) => isShown && setProblem(error));
      return () => {
        isShown = false;
      };
    }, []);
    if (problem) throw problem;
    return Loaded ? <Loaded {...props} /> : <Meanwhile {...props} />;
  };
}
