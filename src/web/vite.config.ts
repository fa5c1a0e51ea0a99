import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** A development server (`npm run web`) is signed in as the API token `USHER_TOKEN`, if that is set. */
const token = process.env["USHER_TOKEN"];
const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
/** `USHER_API` is the Usher whose API a development server passes on to. */
const api = process.env["USHER_API"] ?? "http://localhost:7400";

// oxlint-disable-next-line import/no-default-export -- how Vite finds it
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL("../../dist/web", import.meta.url)),
    emptyOutDir: true,
    // Everything comes as a file of its own, which the content security policy allows.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What a page may weigh is held by test/web-budgets.test.ts, packed.
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
  server: {
    // Not all of /api: the pages have a folder of that name.
    proxy: Object.fromEntries(
      ["/api/v1", "/l/", "/oauth", "/docs", "/sign-in/sso"].map((path) => [path, { target: api, headers }]),
    ),
  },
});
