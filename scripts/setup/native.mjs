// The native backend: @tensorflow/tfjs-node-gpu's C++ addon over the libtensorflow of a current PyPI wheel.
// The package's own install script downloads a TensorFlow of 2022 from a storage host; this one needs only the package registries.

import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { cache, fillOnce, readJson, requireFreeDisk, root, writeAtomic } from "./paths.mjs";
import { SetupError } from "./report.mjs";
import { run, succeeds } from "./shell.mjs";
import { fetchWheel, unpackWheel } from "./wheel.mjs";

const wheels = {
  cpu: {
    name: "tensorflow-cpu",
    version: "2.21.0",
    platform: "manylinux_2_27_x86_64",
    hash: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
    megabytes: 274,
  },
  cuda: {
    name: "tensorflow",
    version: "2.21.0",
    platform: "manylinux_2_27_x86_64",
    hash: "9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124",
    megabytes: 572,
  },
};
/** WORKBENCH_DEVICE=cpu keeps a machine with a GPU on its processor. */
export const device = process.env.WORKBENCH_DEVICE || (existsSync("/proc/driver/nvidia/version") ? "cuda" : "cpu");
const members =
  "^tensorflow/(libtensorflow_cc\\.so\\.2|libtensorflow_framework\\.so\\.2|include/(tensorflow/c|tsl|xla/tsl|tensorflow/core/platform)/.*\\.h)$";

const pkg = join(root, "node_modules", "@tensorflow", "tfjs-node-gpu");
const stampFile = join(root, "node_modules", ".workbench", "native.json");

const wheelId = ({ name, version, hash }) => `${name}-${version}-${hash.slice(0, 12)}`;
/** Where the wheel's libraries and headers are unpacked. */
export const libraryFolder = () => join(cache, wheelId(wheels[device]));

export async function native(say) {
  if (`${process.platform}-${process.arch}` !== "linux-x64")
    throw new SetupError(
      `The native TensorFlow backend is built for linux-x64 and this machine is ${process.platform}-${process.arch}; train on a Linux x86-64 machine.`,
    );
  const wheel = wheels[device];
  if (!wheel) throw new SetupError(`WORKBENCH_DEVICE is ${device}; it can be cpu or cuda.`);
  const id = wheelId(wheel);
  const library = libraryFolder();
  const stamp = { id, library, tfjs: readJson(join(pkg, "package.json")).version };
  const addon = join(pkg, "lib", "napi-v8", "tfjs_binding.node");
  const links = join(pkg, "deps", "lib");
  const complete =
    existsSync(addon) &&
    existsSync(join(links, "libtensorflow.so")) &&
    existsSync(join(library, "tensorflow", "libtensorflow_cc.so.2"));
  if (complete && JSON.stringify(readJson(stampFile)) === JSON.stringify(stamp)) return `TensorFlow ${wheel.version}`;

  await fillOnce(library, async (scratch) => {
    const file = await fetchWheel(wheel, say);
    say("unpacking libtensorflow");
    await unpackWheel(file, members, scratch);
    if (device === "cuda") await installCuda(scratch, say);
    rmSync(file); // the library is what counts: 850 MB instead of 1.1 GB kept
  });
  link(library, links);
  const built = await buildAddon(join(library, "tensorflow", "include"), links, id, say);
  mkdirSync(join(pkg, "lib", "napi-v8"), { recursive: true });
  copyFileSync(built, addon);
  say("loading it once");
  await run(
    process.execPath,
    ["-e", "require('./scripts/setup/util-shim.cjs'); require('@tensorflow/tfjs-node-gpu').ones([2]).dataSync()"],
    {
      cwd: root,
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3" },
    },
  );
  writeAtomic(stampFile, JSON.stringify(stamp));
  return `TensorFlow ${wheel.version} built`;
}

/** CUDA 12 by pip, at pinned versions and hashes: about 3 GB. TensorFlow looks for it in ../nvidia. */
async function installCuda(folder, say) {
  requireFreeDisk(cache, 12);
  say("downloading CUDA 12 (about 3 GB)");
  const target = [
    "--target",
    folder,
    "--no-deps",
    "--only-binary=:all:",
    "--platform",
    "manylinux_2_27_x86_64",
    "--python-version",
    "3.11",
  ];
  const older = ["manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux1_x86_64"].flatMap((tag) => [
    "--platform",
    tag,
  ]);
  const pinned = ["--require-hashes", "-r", join(root, "scripts", "setup", "cuda-requirements.txt")];
  await run(
    "python3",
    ["-m", "pip", "install", "--no-cache-dir", "--disable-pip-version-check", ...target, ...older, ...pinned],
    {
      show: process.stderr.isTTY,
    },
  );
}

function link(library, links) {
  const from = join(library, "tensorflow");
  const nvidia = join(links, "..", "nvidia");
  rmSync(links, { recursive: true, force: true });
  rmSync(nvidia, { recursive: true, force: true });
  mkdirSync(links, { recursive: true });
  if (existsSync(join(library, "nvidia"))) symlinkSync(join(library, "nvidia"), nvidia);
  for (const [name, target] of [
    ["libtensorflow.so", "libtensorflow_cc.so.2"],
    ["libtensorflow_cc.so.2", "libtensorflow_cc.so.2"],
    ["libtensorflow_framework.so", "libtensorflow_framework.so.2"],
    ["libtensorflow_framework.so.2", "libtensorflow_framework.so.2"],
  ])
    symlinkSync(join(from, target), join(links, name));
}

/** Compiles the addon's two files. It speaks Node-API, so one build serves every Node version and needs no node-gyp. */
async function buildAddon(include, links, id, say) {
  const sources = join(pkg, "binding");
  const hash = createHash("sha256").update(id);
  for (const file of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, file)));
  const built = join(cache, "addons", `tfjs-${hash.digest("hex").slice(0, 16)}.node`);
  if (existsSync(built)) return built;
  if (!(await succeeds("g++", ["--version"])))
    throw new SetupError("A C++ compiler is missing; install one (Debian: apt-get install g++) and start again.");
  say("compiling the addon");
  mkdirSync(join(cache, "addons"), { recursive: true });
  const scratch = `${built}.tmp-${process.pid}`;
  await run("g++", [
    "-shared",
    "-fPIC",
    "-O2",
    "-std=c++17",
    "-w",
    "-DNAPI_VERSION=8",
    "-DBUILDING_NODE_EXTENSION",
    "-I",
    join(root, "node_modules", "node-api-headers", "include"),
    "-I",
    include,
    "-I",
    join(sources, ".."),
    "-I",
    sources,
    join(sources, "tfjs_backend.cc"),
    join(sources, "tfjs_binding.cc"),
    "-L",
    links,
    "-ltensorflow",
    "-ltensorflow_framework",
    "-Wl,-rpath,$ORIGIN/../../deps/lib",
    "-o",
    scratch,
  ]);
  renameSync(scratch, built);
  return built;
}
