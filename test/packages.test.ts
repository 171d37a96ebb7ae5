// What is installed, audited by the lock file: pinned, by content, without scripts of its own, under licences that let it be handed on. Known
// vulnerabilities are what `npm audit` asks the registry for.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";

const locked = z.object({
  version: z.string(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  license: z.string().optional(),
  optional: z.boolean().default(false),
  dev: z.boolean().default(false),
  hasInstallScript: z.boolean().default(false),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
  libc: z.array(z.string()).optional(),
});
const { packages } = z
  .object({ packages: z.record(z.string(), z.looseObject({})) })
  .parse(JSON.parse(readFileSync("package-lock.json", "utf8")));
const all = Object.entries(packages)
  .filter(([place]) => place !== "")
  .map(([place, one]) => ({ place, ...locked.parse(one) }));
const placesOf = (which: (one: (typeof all)[number]) => boolean) => all.filter(which).map(({ place }) => place);

test("every dependency that is asked for is pinned to one version", () => {
  const asked = z
    .object({ dependencies: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync("package.json", "utf8")));
  const versions = Object.entries({ ...asked.dependencies, ...asked.devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  expect(
    versions.filter(([name, version]) => locked.parse(packages[`node_modules/${name}`]).version !== version),
  ).toEqual([]);
});

test("what is installed is known by its SHA-512, and by no address", () => {
  expect(placesOf(({ resolved }) => resolved !== undefined)).toEqual([]);
  expect(placesOf(({ integrity }) => integrity !== undefined && !/^sha512-[\w+/]{86}==$/.test(integrity))).toEqual([]);
});

/** The lock file has them by name (scripts/lock.mjs); npm takes one where a machine is of that kind. */
test("only binaries for other kinds of machines have no hash", () => {
  const isElsewhere = ({ optional, os = [], cpu = [], libc = [] }: (typeof all)[number]) =>
    optional && !(os.includes("linux") && cpu.includes("x64") && !libc.includes("musl"));
  expect(placesOf((one) => one.integrity === undefined && !isElsewhere(one))).toEqual([]);
});

test("no package runs a script when it is installed, and those that would are known", () => {
  expect(readFileSync(".npmrc", "utf8").split("\n")).toContain("ignore-scripts=true");
  const names = placesOf(({ hasInstallScript }) => hasInstallScript).map(
    (place) => place.split("node_modules/").at(-1)!,
  );
  expect([...new Set(names)].sort()).toEqual(["@tensorflow/tfjs-node-gpu", "better-sqlite3", "core-js", "esbuild"]);
});

/** Permissive, or of a file or library at a time: what is built with them may have a licence of its own. */
const licences = new Set([
  ...["MIT", "MIT-0", "Apache-2.0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "BlueOak-1.0.0", "Zlib", "CC0-1.0"],
  ...["WTFPL", "OFL-1.1", "CC-BY-4.0", "MPL-2.0", "LGPL-3.0-or-later"],
]);

/** As the package says, or else the text that it comes with. */
const licenceOf = ({ place, license }: (typeof all)[number]): string =>
  license ??
  (readFileSync(`${place}/LICENSE`, "utf8").includes("Permission is hereby granted, free of charge")
    ? "MIT"
    : "unknown");

test("what people are handed is under licences that permit it", () => {
  const handed = all.filter(({ dev, integrity }) => !dev && integrity !== undefined); // binaries of other machines: as the package that names them
  expect(handed.length).toBeGreaterThan(500);
  const names = (one: (typeof all)[number]) =>
    licenceOf(one)
      .split(/ AND | OR |[()]/)
      .filter((name) => name !== "");
  expect(handed.filter((one) => !names(one).every((name) => licences.has(name)))).toEqual([]);
});
