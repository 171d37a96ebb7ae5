// The disk of the server is lost at random moments while eight people annotate: its data folder is deleted, and the databases are restored from the
// replica that Litestream keeps of them in another folder.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { createRandom } from "../../common/random";
import { freePort, killAll, serving, start } from "../../test/server";
import { type Acknowledged, annotate, enter, importPairs, type Work } from "./annotators";
import type { Experiment, Outcome, Setting } from "./experiment";
import { unsound } from "./stored-annotations";

const people = 8;
const pauseMs = 50;
const [shortestLife, longestLife] = [1000, 8000];
/** Of a replica, by the figure. */
const mostMissingMs = 1000;
const pairsPerLife = Math.ceil((people * longestLife) / pauseMs / 2);

export const lostDisk: Experiment = {
  name: "lost-disk",
  fault: `all processes are killed and the data folder is deleted while ${people} people annotate; the databases are restored from the replica`,
  demand:
    "every annotation that was acknowledged more than a second before is there, none changed or doubled, integrity_check ok",
  size: 100,
  unit: "losses",
  run,
};

async function run({ size, seed, folder, signal, say }: Setting): Promise<Outcome> {
  const random = createRandom(seed, "lost-disk");
  const [data, replica] = [join(folder, "data"), join(folder, "replica")];
  const failures: string[] = [];
  let kept: Acknowledged[] = [];
  let [ran, queue, missing, oldest, restoring] = [0, 0, 0, 0, 0];
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  mkdirSync(data);
  for (; ran < size && !signal.aborted; ran++) {
    const server = start(data, port, { WORKBENCH_REPLICA: replica });
    try {
      await serving(server, url);
      const names = Array.from({ length: people }, (_, i) => `annotator ${i + 1}`);
      const cookies = await Promise.all(names.map((name) => enter(url, name))); // what signed the old ones is lost too
      if (ran === 0) queue = await importPairs(url, cookies[0]!, size * pairsPerLife);
      const work: Work = { acknowledged: [], lost: 0, refused: [] };
      const ending = { done: false };
      const writers = names.map((name, i) =>
        annotate({ url, name, cookie: cookies[i]!, queue, random, pauseMs }, () => ending.done, work),
      );
      while (work.acknowledged.length === 0) await wait(10);
      await wait(shortestLife + (longestLife - shortestLife) * random());
      const lostAt = Date.now();
      await killAll(server);
      ending.done = true;
      await Promise.all(writers);
      rmSync(data, { recursive: true });
      restoring = Math.max(restoring, restore(data, replica));
      const all = [...kept, ...work.acknowledged];
      kept = storedOf(data, all);
      const lost = all.filter((vote) => !kept.includes(vote));
      missing += lost.length;
      oldest = Math.max(oldest, ...lost.map(({ at }) => lostAt - at));
      failures.push(
        ...unsound(data, kept),
        ...lost
          .filter(({ at }) => lostAt - at > mostMissingMs)
          .map((vote) => `lost, though acknowledged ${lostAt - vote.at} ms before: ${JSON.stringify(vote)}`),
      );
      say(
        `${ran + 1} losses: ${lost.length} of ${work.acknowledged.length} missing, at most ${oldest} ms old; ${failures.length} failures`,
      );
    } finally {
      await killAll(server);
      await server.ended;
    }
  }
  const seen = { "acknowledged annotations restored": kept.length, "of the last moment lost": missing };
  return {
    ran,
    seen,
    most: { "ms before the loss, the oldest that is missing": oldest, "ms to restore": restoring },
    failures,
  };
}

/** How long it took, in milliseconds. */
function restore(data: string, replica: string): number {
  const began = Date.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ["scripts/program.mjs", "lib/cli.ts", "restore", "--from-replica", replica],
    { encoding: "utf8", env: { ...process.env, WORKBENCH_DATA: data } },
  );
  if (status !== 0) throw new Error(`it was not restored: ${stderr}`);
  return Date.now() - began;
}

function storedOf(data: string, votes: Acknowledged[]): Acknowledged[] {
  const db = new Database(join(data, "app.db"), { readonly: true });
  const find = db.prepare<[string], 1>("SELECT 1 FROM judgements WHERE key = ?");
  const stored = votes.filter(({ key }) => find.get(key));
  db.close();
  return stored;
}
