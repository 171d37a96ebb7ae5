// Makes what lies here, with the program of commit 0afd992: databases and the folders of two runs, one finished, one stopped halfway.
//   git worktree add --detach ../old 0afd992 && cd ../old && npm start   # or a node_modules of a newer clone
//   node --import tsx ../new/data/golden/old-run/make.mjs ../new/data/golden/old-run
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const out = resolve(process.argv[2]);
const folder = "/tmp/workbench-0afd992";
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
process.env.WORKBENCH_DATA = folder;
const old = (path) => import(resolve(path));
const { migrateDatabases } = await old("lib/db/migrate.ts");
const { appDb, metricsDb } = await old("lib/db/client.ts");
const { annotators, runs } = await old("lib/db/schema.ts");
const { loadPairs } = await old("lib/queues/load.ts");
const { takeTasks } = await old("lib/judgements/serving.ts");
const { judge } = await old("lib/judgements/store.ts");
const { takeSnapshot } = await old("lib/snapshots/store.ts");
const { runConfig } = await old("trainers/config.ts");
const { claimRun } = await old("lib/runner/claim.ts");
const { spawnTrainer } = await old("lib/runner/child.ts");

migrateDatabases();
const pairs = join(folder, "pairs.jsonl");
const rows = Array.from({ length: 24 }, (_, i) => ({
  prompt: `How was film ${i}?`,
  answers: [`It was good, ${i} times.`, `It was bad, and ${i} people left.`],
}));
writeFileSync(pairs, rows.map((row) => JSON.stringify(row)).join("\n"));
const { queueId } = await loadPairs("Films", pairs, 1000);
appDb().insert(annotators).values({ name: "Ada", createdAt: 1000 }).run();
for (const { id, answers } of takeTasks(1, queueId, 24, 1000)) {
  const kind = answers[0].text.includes("good") ? "left" : "right";
  judge(1, { key: `00000000-0000-4000-8000-${String(id).padStart(12, "0")}`, itemId: id, choice: { kind, strength: 2 }, activeMs: 900 }, 1000);
}
const snapshot = takeSnapshot(queueId, "pairs", 1000);

function queue(id, more) {
  const config = runConfig.parse({
    method: "dpo",
    model: { source: "tiny" },
    adapter: { rank: 1, alpha: 2, targets: ["q_proj"] },
    data: { train: `snapshot:${snapshot.id}`, maxLength: 48 },
    optimizer: { learningRate: 1e-3 },
    batchSize: 2,
    saveEvery: 2,
    output: join(folder, "runs", id),
    ...more,
  });
  appDb().insert(runs).values({ id, name: `Run ${id}`, method: "dpo", config, status: "queued", createdAt: id === "whole" ? 1 : 2 }).run();
}
queue("whole", { maxSteps: 6, evalEvery: 3, sampleEvery: 3, samplePrompts: 2, sampleLength: 8 });
queue("halfway", { maxSteps: 8, gradientAccumulation: 64 });

for (const id of ["whole", "halfway"]) {
  const { ended } = spawnTrainer(claimRun("maker", Date.now), () => false);
  const watch = setInterval(() => {
    const { count } = metricsDb().$client.prepare("SELECT count(*) AS count FROM points WHERE run_id = 'halfway'").get();
    if (count >= 3) appDb().$client.exec("UPDATE runs SET requested = 'stop' WHERE id = 'halfway'");
  }, 20);
  await ended;
  clearInterval(watch);
}
process.stdout.write(`${JSON.stringify(appDb().$client.prepare("SELECT id, status, error FROM runs").all())}\n`);
for (const db of [appDb(), metricsDb()]) db.$client.exec("DELETE FROM settings WHERE 0; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)".replace("DELETE FROM settings WHERE 0; ", ""));
rmSync(pairs);
rmSync(join(out, "data.tar.gz"), { force: true });
execFileSync("tar", ["-czf", join(out, "data.tar.gz"), "-C", folder, "."]);
