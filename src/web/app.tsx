import { CSPProvider } from "@base-ui/react/csp-provider";
import { Toast } from "@base-ui/react/toast";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ApiProblem } from "./api/call.ts";
import { toasts, Toasts } from "./parts/toast.tsx";
import { isOpen } from "./pages.ts";
import { router } from "./router.tsx";
import { beginSession } from "./shell/session.tsx";

/** What was read this long ago is read again when a page asks for it. */
const FRESH_MS = 15_000;
const RETRIES = 2;

const queries = new QueryClient({
  queryCache: new QueryCache({ onError: lookWhetherSignedIn }),
  mutationCache: new MutationCache({ onError: lookWhetherSignedIn }),
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // A refusal stays one however often it is asked.
      retry: (failures, error) => !(error instanceof ApiProblem) && failures < RETRIES,
    },
  },
});

/** The session was ended elsewhere, or its time was over: the shell then leads to signing in. */
function lookWhetherSignedIn(error: Error): void {
  if (!(error instanceof ApiProblem) || error.problem.status !== 401) return;
  void queries.invalidateQueries({ queryKey: ["session", "current"] });
}

if (!isOpen(location.pathname)) beginSession(queries);

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;

export function App(): ReactNode {
  return (
    <CSPProvider nonce={nonce}>
      <QueryClientProvider client={queries}>
        <Toast.Provider toastManager={toasts} limit={3} timeout={6000}>
          <RouterProvider router={router} />
          <Toasts />
        </Toast.Provider>
      </QueryClientProvider>
    </CSPProvider>
  );
}
