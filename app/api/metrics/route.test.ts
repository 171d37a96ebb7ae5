import { statfsSync } from "node:fs";
import { expect, test } from "vitest";
import { judge } from "@/lib/annotation/judging/judge";
import { takeTasks } from "@/lib/annotation/judging/next-tasks";
import { appDb } from "@/lib/db/client";
import { runs } from "@/lib/db/tables/runs";
import { beginHeartbeat } from "@/lib/runner/heartbeat";
import { freshDatabase, seedQueue, seedRun } from "../../../test/database";
import { GET as health } from "../health/route";
import { GET as metrics } from "./route";

const folder = freshDatabase();
const get = async (route: typeof health | typeof metrics) => {
  const response = await route(
    new Request("http://localhost:3000/x", { headers: { host: "localhost:3000" } }),
    undefined,
  );
  expect(response.status).toBe(200);
  return response;
};

/** Every sample of a text by its name and labels, read by the grammar that Prometheus documents. */
function samples(text: string): Map<string, number> {
  const types = new Set([...text.matchAll(/^# TYPE (\w+) (gauge|counter)$/gm)].map(([, name]) => name!));
  const lines = text.split("\n").filter((line) => line !== "" && !/^# (HELP|TYPE) [a-z_]+ \S/.test(line));
  return new Map(
    lines.map((line) => {
      const [, name, labels = "", value] = /^([a-z_]+)(\{[a-z]+="[a-z]+"\})? (\S+)$/.exec(line)!;
      expect(types).toContain(name);
      expect(Number(value)).not.toBeNaN();
      return [`${name}${labels}`, Number(value)];
    }),
  );
}

test("health and metrics tell of runner, disk, queue and databases as they are", async () => {
  const queue = seedQueue(3, 1);
  for (const id of ["a", "b", "c"]) seedRun(id);
  appDb().update(runs).set({ status: "finished" }).run();
  seedRun("d");
  const [task] = takeTasks(1, queue, 1, 0);
  judge(1, { key: crypto.randomUUID(), itemId: task!.id, choice: { kind: "left", strength: 2 }, activeMs: 1 }, 0);

  const before = await (await get(health)).json();
  expect(before).toMatchObject({ ok: true, runs: 4, queue: { queued: 1, running: 0 } });
  expect(before).toMatchObject({ runner: { alive: false, beatAgeMs: null } });
  expect([...samples(await (await get(metrics)).text()).keys()]).not.toContain("workbench_runner_beat_age_seconds");

  const end = beginHeartbeat("test");
  const { runner, disk, databases } = (await (await get(health)).json()) as {
    runner: { alive: boolean; beatAgeMs: number };
    disk: { free: number; size: number };
    databases: { app: number; metrics: number };
  };
  expect(runner.alive).toBe(true);
  const { blocks, bsize } = statfsSync(folder);
  expect(disk.size).toBe(blocks * bsize);
  expect(disk.free).toBeLessThan(disk.size);
  const page = 4096;
  expect(Math.min(databases.app, databases.metrics)).toBeGreaterThan(page);

  const response = await get(metrics);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const measured = samples(await response.text());
  end();
  expect(Object.fromEntries(measured)).toMatchObject({
    workbench_runner_up: 1,
    workbench_disk_size_bytes: disk.size,
    'workbench_runs{status="queued"}': 1,
    'workbench_runs{status="finished"}': 3,
    'workbench_runs{status="failed"}': 0,
    workbench_judgements_total: 1,
  });
  expect(measured.get('workbench_database_bytes{database="app"}')).toBeGreaterThanOrEqual(databases.app);
  expect(measured.get("process_start_time_seconds")).toBeLessThan(Date.now() / 1000);
});
