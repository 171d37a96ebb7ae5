// A slice of those experiments of `npm run torture` that take seconds; `npm run torture -- --scale 0.002` does as much of all of them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { experiments } from "./experiments";

const scale = 0.002;
const brief = [
  "kill-server",
  "kill-checkpoint",
  "damage-checkpoint",
  "full-disk",
  "wal",
  "claims",
  "stopped-workers",
  "fuzz-rows",
  "fuzz-files",
  "fuzz-http",
];

test.each(await Promise.all(brief.map((name) => experiments[name]!())))(
  "$fault: $demand",
  { tags: "long" },
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
);
