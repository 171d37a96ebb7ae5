// The write lock of both databases held by another program.
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { whileAtWork } from "./at-work";
import type { Experiment, Outcome, Setting } from "./experiment";

const longest = 60;
/** Health, and each page, which only read. */
const slowestMs = 5000;

export const heldLock: Experiment = {
  name: "held-lock",
  fault: `another program holds the write lock of both databases, ${longest} s at a time`,
  demand: `no process ends; pages and health answer within ${slowestMs / 1000} s; nothing acknowledged lost; runs have the same bits`,
  size: 1200,
  unit: "seconds",
  run,
};

async function run(setting: Setting): Promise<Outcome> {
  const times = Math.ceil(setting.size / longest);
  const seconds = Math.min(longest, setting.size);
  let [said, slowest] = [0, 0];
  const outcome = await whileAtWork({ ...setting, size: times }, {}, async ({ url, data }) => {
    const held = ["app.db", "metrics.db"].map((name) => new Database(join(data, name), { timeout: 10_000 }));
    for (const db of held) db.exec("BEGIN IMMEDIATE");
    const failures: string[] = [];
    try {
      for (const until = Date.now() + 1000 * seconds; Date.now() < until; await wait(500))
        for (const path of ["/api/health", "/", "/runs"]) {
          const began = Date.now();
          const answer = await fetch(url + path);
          const text = await answer.text();
          slowest = Math.max(slowest, Date.now() - began);
          if (text.includes("Another program holds the database")) said++;
          if (answer.status !== 200) failures.push(`${path} answers ${answer.status}`);
          if (Date.now() - began > slowestMs) failures.push(`${path} took ${Date.now() - began} ms`);
        }
    } finally {
      for (const db of held) db.close(); // rolls back
    }
    return failures;
  });
  // who looks only for a few seconds does not see it: the runner's silence is noticed later
  const unsaid = seconds === longest && said === 0 ? ["no page said that the database is held"] : [];
  const seen = { ...outcome.seen, "answers that said so": said };
  const most = { ...outcome.most, "ms of the slowest answer": slowest };
  return { ran: outcome.ran * seconds, seen, most, failures: [...outcome.failures, ...unsaid] };
}
