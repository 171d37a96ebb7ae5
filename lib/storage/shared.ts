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

/** Bytes by kind. One file after another: there may be a hundred thousand, and whoever else reads files has their turn in between. */
export async function sharedSizes(): Promise<Record<SharedKind, number>> {
  const sizes = Object.fromEntries(Object.keys(sharedKinds).map((kind) => [kind, 0])) as Record<SharedKind, number>;
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
