// What all clones of the workbench on this machine share, in a cache folder: models, libraries, what benchmarks compare with.
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../common/env";
import { type SharedKind, sharedKinds } from "./storage-schema";

/** Of the folders that lie there. */
const patterns: [SharedKind, RegExp][] = [
  ["models", /^models$/],
  ["libraries", /^(tensorflow-.*|addons|sqlite|node-headers|wheels)$/],
  ["benchmarks", /^bench$/],
];

type Sizes = Record<SharedKind, number>;

const keptMs = 600_000;
let kept: { until: number; sizes: Promise<Sizes> } | null = null;

/** Bytes by kind, measured every ten minutes at most: there may be a hundred thousand files. */
export function sharedSizes(now: number): Promise<Sizes> {
  if (kept === null || now > kept.until) kept = { until: now + keptMs, sizes: measured() };
  return kept.sizes;
}

/** One file after another, so that whoever else reads files has their turn in between. */
async function measured(): Promise<Sizes> {
  const sizes = Object.fromEntries(Object.keys(sharedKinds).map((kind) => [kind, 0])) as Sizes;
  for (const name of await namesIn(cacheFolder()))
    sizes[patterns.find(([, pattern]) => pattern.test(name))?.[0] ?? "other"] += await sizeOf(
      join(cacheFolder(), name),
    );
  return sizes;
}

async function sizeOf(path: string): Promise<number> {
  const about = await lstat(path).catch(() => null); // deleted meanwhile
  if (!about?.isDirectory()) return about?.size ?? 0;
  let sum = 0;
  for (const name of await namesIn(path)) sum += await sizeOf(join(path, name));
  return sum;
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
