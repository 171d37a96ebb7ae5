// What all clones of the workbench on this machine share, in a cache folder: models, libraries, what benchmarks compare with.
import { join } from "node:path";
import { cacheFolder } from "../../common/env";
import { bytesIn, namesIn } from "./bytes-in";
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

async function measured(): Promise<Sizes> {
  const sizes = Object.fromEntries(Object.keys(sharedKinds).map((kind) => [kind, 0])) as Sizes;
  for (const name of await namesIn(cacheFolder()))
    sizes[patterns.find(([, pattern]) => pattern.test(name))?.[0] ?? "other"] += await bytesIn(
      join(cacheFolder(), name),
    );
  return sizes;
}
