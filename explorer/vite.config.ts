import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * GraphiQL's style sheet brings its fonts inside itself, as `data:`. A strict policy would have to
 * allow that; system fonts do as well, and Monaco's icons come as a file of their own.
 */
const noFontsInStyle: Plugin = {
  name: "no-fonts-in-style",
  enforce: "pre",
  transform: {
    filter: { id: /graphiql\/dist\/style\.css/ },
    handler: (code: string) => ({
      code: code.replace(/@font-face\s*\{[^}]*url\(data:[^}]*\}/g, ""),
      map: null,
    }),
  },
};

const API = process.env.COLINEAGE_URL ?? "http://127.0.0.1:8000";

/** In development every page is the shell, as the API serves it, and JSON-LD comes from the API. */
const pages = {
  "/graphql": API,
  "/log": API,
  "/id": {
    target: API,
    bypass: (request: { headers: { accept?: string | undefined } }) =>
      request.headers.accept?.includes("text/html") ? "/index.html" : undefined,
  },
};

export default defineConfig({
  plugins: [noFontsInStyle],
  server: { proxy: pages },
  // In development GraphiQL comes from the API, built.
  optimizeDeps: { entries: ["index.html"] },
  build: {
    // Everything is a file of its own, so that the policy needs no `data:`.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 3000,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: here("index.html"), graphiql: here("graphiql.html") },
      onLog(level, log, tell) {
        // React libraries mark files with "use client", which means nothing in a browser's bundle.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") tell(level, log);
      },
    },
  },
});
