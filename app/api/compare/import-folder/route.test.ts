import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import type { ImportedFolder } from "@/lib/exchange/imported";
import { listRuns } from "@/lib/runs/list-runs";
import { freshDatabase } from "@/test/database";
import { POST } from "./route";

let folder = "";
beforeAll(() => {
  freshDatabase();
  folder = mkdtempSync(join(tmpdir(), "workbench-run-"));
  const run = { method: "dpo", model: { source: "tiny" }, data: { train: "pairs.jsonl" }, output: folder };
  writeFileSync(join(folder, "run.json"), JSON.stringify(run));
  writeFileSync(join(folder, "metrics.ndjson"), '{"step":1,"loss":0.5}\n{"step":2,"loss":0.4}\n');
});

async function post(path: string, sent = JSON.stringify({ folder: path })) {
  const request = new Request("http://localhost:3000/api/compare/import-folder", {
    method: "POST",
    body: sent,
    headers: { host: "localhost:3000", "content-type": "application/json" },
  });
  const answer = await POST(request, {});
  return { status: answer.status, body: (await answer.json()) as ImportedFolder & { error?: string } };
}

test("F2: a run folder is imported from the folders that requests may name, and from no other", async () => {
  const refused = await post(folder);
  expect(refused).toMatchObject({ status: 400, body: { error: expect.stringContaining("WORKBENCH_FOLDERS") } });
  expect(listRuns()).toEqual([]);
  vi.stubEnv("WORKBENCH_FOLDERS", folder);
  const { status, body } = await post(folder);
  expect([status, body.error]).toEqual([201, undefined]);
  expect(body).toMatchObject({ method: "dpo", status: "stopped", steps: 2 });
  expect(listRuns().map(({ id, latest }) => [id, latest.loss])).toEqual([[body.id, 0.4]]);
  const missing = await post(join(folder, "nothing-here"));
  expect(missing).toMatchObject({ status: 400, body: { error: expect.stringContaining("it has no run.json") } });
  vi.unstubAllEnvs();
}, 60_000);

test("F6: a body that is no JSON is refused as one", async () =>
  expect(await post("", '{"fol}er":"out')).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining("not JSON") },
  }));
