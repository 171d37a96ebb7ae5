// A slice of each experiment of `npm run torture`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { experiments } from "./experiments";

const scale = 0.002;

test.each(await Promise.all(Object.values(experiments).map((load) => load())))(
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
