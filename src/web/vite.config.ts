import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** A development server (`npm run web`) is signed in as the API token `USHER_TOKEN`, if that is set. */
const token = process.env["USHER_TOKEN"];
const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
/** `USHER_API` is the Usher whose API a development server passes on to. */
const api = process.env["USHER_API"] ?? "http://localhost:7400";

/** Chunks that need a module before it stands in the one that most of them load. */
const SHARED_BY = 12;
const SHARED = /\/src\/web\/(?!parts\/table\/)|\/lucide-react\//;

// oxlint-disable-next-line import/no-default-export -- how Vite finds it
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react(), layerOrder(), preloadFont()],
  build: {
    outDir: fileURLToPath(new URL("../../dist/web", import.meta.url)),
    emptyOutDir: true,
    // test/web-budgets.test.ts reads from it which files a page needs.
    manifest: true,
    // Everything comes as a file of its own, which the content security policy allows.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What a page may weigh is held by test/web-budgets.test.ts, packed.
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      output: {
        // A browser asks for six files at once: what every page begins with is one, what most pages share is two.
        codeSplitting: {
          groups: [
            { name: "shell", tags: ["$initial"], priority: 3 },
            { name: "charts", test: /\/@visx\//, priority: 2 },
            { name: "shared", test: SHARED, minShareCount: SHARED_BY, priority: 2 },
            { name: "table", test: /\/src\/web\/parts\/table\//, minShareCount: SHARED_BY, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    // Not all of /api: the pages have a folder of that name.
    proxy: Object.fromEntries(
      ["/api/v1", "/l/", "/oauth", "/docs", "/sign-in/sso"].map((path) => [path, { target: api, headers }]),
    ),
  },
});

/**
 * Says the order of the layers in every file: a chunk's styles may be read before base.css, and the layer that is named
 * first would be the weakest for good.
 */
function layerOrder(): Plugin {
  return {
    name: "usher:layer-order",
    enforce: "pre",
    transform: (code, id) => (id.endsWith(".css") ? `@layer tokens, base, parts, pages;\n${code}` : null),
  };
}

/** The font is asked for at once, not only when the styles that name it were read. */
function preloadFont(): Plugin {
  return {
    name: "usher:preload-font",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        const font = Object.keys(bundle ?? {}).find((name) => name.endsWith(".woff2"));
        if (font === undefined) return [];
        const attrs = { rel: "preload", as: "font", type: "font/woff2", href: `/${font}`, crossorigin: "" };
        return [{ tag: "link", attrs, injectTo: "head" }];
      },
    },
  };
}
