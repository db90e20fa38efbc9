// Bundles styles and islands into dist/, beside each file its compressed forms. The Rust crate embeds the folder.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { context } from "esbuild";
import { buildFonts } from "./fonts.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const require = createRequire(import.meta.url);
const isWatching = process.argv.includes("--watch");

// The build of MapLibre that asks for no worker made from a string: the pages' content policy forbids those.
const strictMap = {
  name: "strict-map",
  setup(build) {
    const path = require.resolve("maplibre-gl/dist/maplibre-gl-csp.js");
    build.onResolve({ filter: /^maplibre-gl$/ }, () => ({ path }));
  },
};

// Every name is looked up under one address that carries the hash of the whole folder, so names need no hash of
// their own and styles find their fonts by relative paths.
const options = {
  absWorkingDir: here,
  entryPoints: {
    desk: "styles/desk.css",
    citizen: "styles/citizen.css",
    map: "styles/map.css",
    card: "styles/card.css",
    island: "src/desk.ts",
    around: "src/around.ts",
    form: "src/form.ts",
    verify: "src/verify.ts",
    token: "src/token.ts",
  },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: !isWatching,
  legalComments: "none",
  chunkNames: "chunk-[name]-[hash]",
  plugins: [strictMap],
  external: ["*.woff2"],
  logLevel: "warning",
};

// The map's worker is a classic script: it shares no chunks with the pages.
const worker = {
  ...options,
  entryPoints: { "map-worker": require.resolve("maplibre-gl/dist/maplibre-gl-csp-worker.js") },
  plugins: [],
  splitting: false,
  format: "iife",
};

// So is the worker that keeps the page which verifies cards.
const cards = { ...options, entryPoints: { "verify-worker": "src/verify-worker.ts" }, splitting: false, format: "iife" };

// The terms under which others' work is in the bundle; they ask to be told wherever it goes.
async function licences() {
  const parts = ["maplibre-gl/LICENSE.txt", "uplot/LICENSE", "@fontsource/be-vietnam-pro/LICENSE", "jsqr/LICENSE"];
  const texts = parts.map(async (part) => {
    const text = await readFile(join(here, "node_modules", part), "utf8");
    return `${part.replace(/\/LICENSE.*/, "")}\n\n${text.trim()}\n`;
  });
  await writeFile(join(dist, "licences.txt"), (await Promise.all(texts)).join("\n\n"));
}

async function compress() {
  const files = (await readdir(dist, { recursive: true })).filter((name) => /\.(css|js|txt)$/.test(name));
  const best = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  await Promise.all(
    files.map(async (name) => {
      const path = join(dist, name);
      const plain = await readFile(path);
      await writeFile(`${path}.br`, await promisify(brotliCompress)(plain, best));
      await writeFile(`${path}.gz`, await promisify(gzip)(plain, { level: 9 }));
    }),
  );
}

await rm(dist, { recursive: true, force: true });
await buildFonts(join(dist, "fonts"));
await licences();
const builds = await Promise.all([context(options), context(worker), context(cards)]);
if (isWatching) {
  await Promise.all(builds.map((build) => build.watch()));
} else {
  await Promise.all(builds.map((build) => build.rebuild().then(() => build.dispose())));
  await compress();
}
