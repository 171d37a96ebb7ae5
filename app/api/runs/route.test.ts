// Renaming, tagging, archiving and deleting runs, through the routes that pages use.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { runFolder } from "@/common/env";
import { appDb, metricsDb } from "@/lib/db/client";
import { points } from "@/lib/db/metrics-schema";
import { runs } from "@/lib/db/tables/runs";
import { claimRun } from "@/lib/runner/claim";
import { runDetail } from "@/lib/runs/run-detail";
import { runTable } from "@/lib/runs/run-table";
import { appendPoint, beginAttempt } from "@/test/attempts";
import { freshDatabase, seedRun } from "@/test/database";
import { PATCH as changeOne } from "./[id]/route";
import { GET as deletion } from "./deletion/route";
import { DELETE, PATCH } from "./route";

beforeAll(() => void freshDatabase());

const asked = (method: string, path: string, json?: object) =>
  new Request(`http://localhost:3000${path}`, {
    method,
    headers: { host: "localhost:3000", "content-type": "application/json", "sec-fetch-site": "same-origin" },
    ...(json && { body: JSON.stringify(json) }),
  });
const change = (id: string, json: object) =>
  changeOne(asked("PATCH", `/api/runs/${id}`, json), { params: Promise.resolve({ id }) });
const end = (id: string) =>
  appDb().update(runs).set({ status: "finished", finishedAt: 1 }).where(eq(runs.id, id)).run();

test("U4: a run is renamed, tagged, annotated and archived; what cannot be shown is refused with a sentence", async () => {
  seedRun("mine");
  const response = await change("mine", { name: " β sweep ", tags: ["keep"], remark: "too long?", archived: true });
  expect(await response.json()).toMatchObject({ name: "β sweep", tags: ["keep"], remark: "too long?", archived: true });
  expect((await change("mine", { name: "  " })).status).toBe(400);
  expect((await change("mine", { colour: "red" })).status).toBe(400);
  expect(runDetail("mine").name).toBe("β sweep");
  await change("mine", { archived: false });
  expect(runTable().find(({ id }) => id === "mine")).toMatchObject({ archived: false, data: "Film reviews" });
});

test("tags given to several runs are added to those that each has", async () => {
  seedRun("first", 1);
  seedRun("second", 2);
  await change("first", { tags: ["a"] });
  const ids = ["first", "second"];
  await PATCH(asked("PATCH", "/api/runs", { ids, change: { tags: ["b"] } }), undefined);
  expect(ids.map((id) => runDetail(id).tags)).toEqual([["a", "b"], ["b"]]);
});

test("U4: deleting says how much goes and who builds on it; then folder, curves and row are gone, and other runs stay", async () => {
  seedRun("doomed", 3);
  seedRun("child", 4);
  const { attempt } = claimRun("runner", () => 1000)!; // the oldest: "mine"
  beginAttempt({ runId: "mine", attempt }, 0);
  appendPoint({ runId: "mine", attempt }, { step: 1, loss: 1 }, 1000);
  for (const id of ["mine", "doomed", "child"]) end(id);
  appDb().update(runs).set({ parentRun: "mine" }).where(eq(runs.id, "child")).run();
  mkdirSync(runFolder("mine"), { recursive: true });
  writeFileSync(join(runFolder("mine"), "adapter_model.safetensors"), Buffer.alloc(1000));

  const told = await deletion(asked("GET", "/api/runs/deletion?ids=mine,doomed"), undefined);
  expect(await told.json()).toEqual([
    { id: "mine", name: "β sweep", bytes: 1000, usedBy: ["child"] },
    { id: "doomed", name: "doomed", bytes: 0, usedBy: [] },
  ]);
  expect((await DELETE(asked("DELETE", "/api/runs?ids=mine,doomed"), undefined)).status).toBe(200);
  expect(existsSync(runFolder("mine"))).toBe(false);
  expect(metricsDb().select().from(points).where(eq(points.runId, "mine")).all()).toEqual([]);
  expect(runTable().map(({ id }) => id)).toEqual(["child", "second", "first"]);
});

test("a run that is queued, or that a queued one waits for, is not deleted", async () => {
  seedRun("waiting", 5);
  appDb().update(runs).set({ parentRun: "child" }).where(eq(runs.id, "waiting")).run();
  for (const id of ["waiting", "child"]) {
    const response = await DELETE(asked("DELETE", `/api/runs?ids=${id}`), undefined);
    expect([response.status, await response.text()]).toEqual([409, expect.stringContaining("waiting")]);
  }
});

test("U38: queued runs have their place, in the order in which they start", () => {
  const places = runTable().map(({ id, place }) => [id, place]);
  expect(places).toEqual([
    ["waiting", 3],
    ["child", null],
    ["second", 2],
    ["first", 1],
  ]);
});
