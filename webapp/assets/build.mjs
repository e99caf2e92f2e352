// Bundles the sources of this folder into ../static: every file named after its content and compressed beforehand,
// and manifest.json, which maps the name that a template uses to the name that was built.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";

import { build } from "esbuild";
import { PurgeCSS } from "purgecss";

const SOURCES = import.meta.dirname;
const STATIC = path.join(SOURCES, "../static");
const WHERE_CLASSES_ARE_NAMED = ["../templates/**/*.html", "../views/**/*.py", "../../forms/**/*.py"];
const WORTH_COMPRESSING = /\.(css|js|svg)$/;

// Of the look's stylesheet only the rules that some page uses; our own sheets are kept as they are.
const onlyUsedRules = {
  name: "only-used-rules",
  setup({ onLoad }) {
    onLoad({ filter: /tabler\.css$/ }, async ({ path: sheet }) => {
      const [{ css }] = await new PurgeCSS().purge({
        css: [sheet],
        content: WHERE_CLASSES_ARE_NAMED.map((pattern) => path.join(SOURCES, pattern)),
        variables: true,
        keyframes: true,
        dynamicAttributes: ["type"],
      });
      return { contents: css, loader: "css" };
    });
  },
};

async function compress(file) {
  const content = await readFile(file);
  await writeFile(`${file}.gz`, await promisify(zlib.gzip)(content, { level: 9 }));
  await writeFile(`${file}.br`, await promisify(zlib.brotliCompress)(content));
}

await rm(STATIC, { recursive: true, force: true });
await mkdir(STATIC, { recursive: true });
const { metafile } = await build({
  absWorkingDir: SOURCES,
  entryPoints: ["css/app.css", "js/app.js", "icon.svg"],
  entryNames: "[name]-[hash]",
  outdir: STATIC,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome100", "firefox100", "safari15.4"],
  legalComments: "none",
  loader: { ".svg": "copy" },
  plugins: [onlyUsedRules],
  metafile: true,
  logLevel: "info",
});

const manifest = {};
for (const [built, { entryPoint }] of Object.entries(metafile.outputs)) {
  manifest[path.basename(entryPoint ?? "icon.svg")] = path.basename(built);
}
await writeFile(path.join(STATIC, "manifest.json"), JSON.stringify(manifest, null, 2));
const builtFiles = Object.values(manifest).filter((name) => WORTH_COMPRESSING.test(name));
await Promise.all(builtFiles.map((name) => compress(path.join(STATIC, name))));
