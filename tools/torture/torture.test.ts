// A slice of each experiment of `npm run torture`, but of lost-disk: what it demands is a time, and lib/backup/replica.test.ts does the same without.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { experiments } from "./experiments";

const scale = 0.002;
const { "lost-disk": _, ...sliced } = experiments;

test.each(await Promise.all(Object.values(sliced).map((load) => load())))(
  "$fault: $demand",
  async ({ run, size }) => {
    const folder = mkdtempSync(join(tmpdir(), "workbench-torture-"));
    const { failures } = await run({
      size: Math.max(1, Math.round(scale * size)),
      seed: 1,
      folder,
      signal: new AbortController().signal,
      say: () => {},
    });
    rmSync(folder, { recursive: true, force: true });
    expect(failures).toEqual([]);
  },
  180_000,
);
