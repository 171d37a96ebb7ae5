// The project's own TensorFlow ops (native/), compiled for this very processor. Without them everything runs on TensorFlow's kernels.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { device, libraryFolder } from "./native.mjs";
import { cache, root } from "./paths.mjs";
import { run } from "./shell.mjs";

const sources = join(root, "native");
/** Where trainers/engine/native.ts looks. */
const installed = join(root, "node_modules", ".workbench", "ops.node");

const common = [
  ...["-shared", "-fPIC", "-pthread", "-std=c++17", "-O3", "-march=native", "-fopenmp-simd"],
  ...["-fno-math-errno", "-fno-trapping-math", "-fno-signed-zeros", "-DNAPI_VERSION=8"],
  "-mprefer-vector-width=512", // where there are such vectors
];

/** Never throws: whatever is in the way, TensorFlow's kernels do the work. */
export async function nativeOps(say) {
  const without = (why) => {
    rmSync(installed, { force: true }); // not what another state of the sources left there
    return `TensorFlow's own kernels (${why})`;
  };
  if (device === "cuda") return without("a GPU is used");
  const processor = processorFlags();
  for (const needed of ["avx2", "fma"])
    if (!processor.includes(needed)) return without(`the processor has no ${needed}`);
  try {
    const built = await compile(processor, say);
    mkdirSync(join(installed, ".."), { recursive: true });
    copyFileSync(built, `${installed}.tmp-${process.pid}`);
    renameSync(`${installed}.tmp-${process.pid}`, installed);
    return "compiled for this processor";
  } catch (error) {
    return without(error.message);
  }
}

/** What decides on what -march=native means. */
function processorFlags() {
  return /^flags\s*:(.*)$/m.exec(processorText())?.[1].trim().split(/\s+/) ?? [];
}

const processorText = () => (existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "");

/**
 * Vectors of pairs of bfloat16 numbers are multiplied at twice the rate of float32 numbers by AMD's cores, and at half of it by Intel's, where AMX's tiles
 * are for that: without those, rounded numbers are multiplied as float32.
 */
const slowPairs = (processor) => processorText().includes("GenuineIntel") && !processor.includes("amx_bf16");

/** Builds what is in native/, or finds it built from the same sources for the same library and processor. */
async function compile(processor, say) {
  const flags = slowPairs(processor) ? [...common, "-mno-avx512bf16"] : common;
  const names = readdirSync(sources, { recursive: true }).filter((name) => /\.(cc|h)$/.test(name));
  const hash = createHash("sha256").update([libraryFolder(), ...flags, ...processor].join(" "));
  for (const name of names.sort()) hash.update(name).update(readFileSync(join(sources, name)));
  const built = join(cache, "addons", `ops-${hash.digest("hex").slice(0, 16)}.node`);
  if (existsSync(built)) return built;
  say("compiling the project's own ops (half a minute)");
  mkdirSync(join(cache, "addons"), { recursive: true });
  const library = join(libraryFolder(), "tensorflow");
  const includes = [
    join(root, "node_modules", "node-api-headers", "include"),
    join(library, "include"),
    join(sources, "shim"),
  ];
  const scratch = `${built}.tmp-${process.pid}`;
  await run("g++", [
    ...flags,
    ...includes.flatMap((folder) => ["-isystem", folder]),
    ...names.filter((name) => name.endsWith(".cc")).map((name) => join(sources, name)),
    ...["-l:libtensorflow_framework.so.2", "-l:libtensorflow_cc.so.2", "-L", library, `-Wl,-rpath,${library}`],
    ...["-o", scratch],
  ]);
  renameSync(scratch, built);
  return built;
}
