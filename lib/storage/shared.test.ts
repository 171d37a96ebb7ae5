import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { sharedSizes } from "./shared";

afterEach(() => vi.unstubAllEnvs());

test("what clones share is measured by kind, ten minutes later again; a link to elsewhere counts as a link", async () => {
  const cache = mkdtempSync(join(tmpdir(), "workbench-cache-"));
  vi.stubEnv("XDG_CACHE_HOME", cache);
  const none = { models: 0, libraries: 0, benchmarks: 0, other: 0 };
  expect(await sharedSizes(0)).toEqual(none);
  const put = (path: string, bytes: number) => {
    mkdirSync(join(cache, "alignment-workbench", path, ".."), { recursive: true });
    writeFileSync(join(cache, "alignment-workbench", path), "x".repeat(bytes));
  };
  put("models/small.gguf", 1000);
  put("tensorflow-cpu-2.21.0/lib/libtensorflow.so", 200);
  put("addons/ops.node", 30);
  put("bench/trl/lib/python/site.py", 4000);
  put("notes.txt", 5);
  const target = join(cache, "large");
  writeFileSync(target, "x".repeat(100_000));
  symlinkSync(target, join(cache, "alignment-workbench", "bench", "link"));
  expect(await sharedSizes(600_000)).toEqual(none);
  expect(await sharedSizes(600_001)).toEqual({
    models: 1000,
    libraries: 230,
    benchmarks: 4000 + target.length,
    other: 5,
  });
});
