// The programs that pages, runs and the command line start, as one bundle of plain JavaScript: to read some hundred files of TypeScript takes each start
// two seconds of a processor. A program that finds a source changed makes the bundle anew, in a second.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { fillOnce, readJson, root, writeAtomic } from "./paths.mjs";

export const entries = [
  "trainers/cli.ts",
  "trainers/run/main.ts",
  "trainers/trl/main.ts",
  "lib/cli.ts",
  "lib/runner/main.ts",
  "lib/setup/main.ts",
  "client/cli.ts",
];
/** What tests and torture start beside them. */
export const helpers = [
  "test/toy-runner.ts",
  "test/vote-forever.ts",
  "test/judge-together.ts",
  "tools/torture/worker.ts",
];

const bundles = join(root, "node_modules", ".workbench", "programs");
const digest = (value) => createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
const newestOf = (of) => join(bundles, `newest-${digest([root, of])}.json`); // two checkouts may share a node_modules
const also = ["package-lock.json", "tsconfig.json", "scripts/setup/programs.mjs"];

/** The folder of these programs, made of the sources as they are. */
export async function programs(of = entries) {
  const known = readJson(newestOf(of));
  const isCurrent = known && Object.entries(known.sources).every(([path, state]) => state === stateOf(path));
  const kept = isCurrent && join(bundles, known.name);
  const folder = kept && existsSync(kept) ? kept : await bundle(of);
  markUsed(folder);
  return folder;
}

/** Its time is when a program began with it. */
function markUsed(folder) {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch (error) {
    if (!["EACCES", "EPERM", "EROFS"].includes(error.code)) throw error; // and where that is so, nothing is removed either
  }
}

/** Null where it was written later than `before`, or is gone. */
function stateOf(path, before = Number.POSITIVE_INFINITY) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  return stat && stat.mtimeMs < before ? `${stat.size} ${stat.mtimeMs}` : null;
}

async function bundle(entryPoints) {
  const { build } = await import("esbuild");
  const begun = Date.now();
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outbase: ".",
    outdir: join(bundles, "made"), // its depth counts, for the source maps
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: `node${process.versions.node}`,
    keepNames: true, // errors are told by the names of their classes
    sourcemap: "linked",
    sourcesContent: false,
    banner: {
      js: 'import { createRequire as requiredFrom } from "node:module"; const require = requiredFrom(import.meta.url);',
    },
    plugins: [asTheyStand, tensorflowRequired],
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const name = digest([root, outputFiles.map(({ hash }) => hash)]);
  await fillOnce(join(bundles, name), (scratch) => write(outputFiles, scratch));
  const read = [...Object.keys(metafile.inputs).filter((path) => !path.startsWith(`${required}:`)), ...also];
  // What is written while it is read may not be in the bundle: no state is its own, and the next to begin looks again.
  const sources = Object.fromEntries(read.map((path) => [path, stateOf(path, begun) ?? "unknown"]));
  writeAtomic(newestOf(entryPoints), JSON.stringify({ name, sources }));
  removeOld(name);
  return join(bundles, name);
}

/** A source knows its own folder, where its data and its own programs are; and CommonJS stays apart. */
const asTheyStand = {
  name: "as they stand",
  setup(build) {
    build.onResolve({ filter: /\.cjs$/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path), external: true }));
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const [folder, url] = [dirname(path), pathToFileURL(path).href].map((one) => JSON.stringify(one));
      const contents = text.replaceAll("import.meta.dirname", folder).replaceAll("import.meta.url", url);
      return { contents, loader: "ts" };
    });
  },
};

/** A namespace, which is no folder. */
const required = "required";
/** Imported, two megabytes of CommonJS would be searched for names before they are run, and their source maps read: half a second of each start. */
const tensorflowRequired = {
  name: "TensorFlow required",
  setup(build) {
    const filter = /^@tensorflow\/tfjs-node-gpu$/;
    build.onResolve({ filter }, ({ path, kind }) =>
      kind === "require-call" ? { path, external: true } : { path, namespace: required },
    );
    build.onLoad({ filter, namespace: required }, ({ path }) => ({
      contents: `process.setSourceMapsEnabled(false);
module.exports = require(${JSON.stringify(path)});
process.setSourceMapsEnabled(true);`,
    }));
  },
};

function write(files, scratch) {
  for (const { path, contents } of files) {
    const to = path.replace(join(bundles, "made"), scratch);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, contents);
  }
}

const keptMs = 30 * 24 * 3_600_000;

/** A program that has begun, a run of some weeks even, still reads parts of its own bundle. */
function removeOld(name) {
  for (const other of readdirSync(bundles).filter((one) => /^[0-9a-f]{16}$/.test(one) && one !== name))
    if (Date.now() - statSync(join(bundles, other)).mtimeMs > keptMs)
      rmSync(join(bundles, basename(other)), { recursive: true, force: true });
}
