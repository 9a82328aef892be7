import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const api = process.env.LABELWRIGHT_API ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  // The server writes where the site is served into the entry page, so that one build fits every address.
  base: "./",
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../src/labelwright/ui",
    emptyOutDir: true,
    // Small images stay files: a data URL would also work under our CSP, but files are cached.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { port: 5173, proxy: { "/api": api } },
});
