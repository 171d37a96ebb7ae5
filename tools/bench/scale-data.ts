// Data for `npm run scale`: `scale-data.ts seed RUNS STEPS` writes runs of that many steps, `scale-data.ts live RUN STEPS PER_SECOND` goes on
// with one as a trainer would, and `scale-data.ts tables RUNS RECORDS` writes a table of runs and a dataset, half of it annotated.
import { setTimeout as wait } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { appDb } from "../../lib/db/client";
import { runs } from "../../lib/db/tables/runs";
import { fenced, putPoint, raiseFence } from "../../lib/runs/attempts";
import { migrateDatabases } from "../../lib/setup/migrate";
import { seedQueue } from "./load-data";
import { addRun, createRow, seedRun } from "./run-data";

function seed(count: number, steps: number): void {
  migrateDatabases();
  for (let number = 1; number <= count; number++) process.stdout.write(`${seedRun(number, steps)}\n`);
}

async function live(number: number, steps: number, perSecond: number): Promise<void> {
  const attempt = { runId: addRun(number), attempt: 1 };
  raiseFence(attempt);
  process.stdout.write(`${attempt.runId}\n`);
  const row = createRow(number);
  const [started, batch] = [Date.now(), Math.ceil(perSecond / 10)];
  for (let step = 1; step <= steps; step++) {
    fenced(attempt, (tx) => putPoint(tx, attempt, row(step), Date.now()));
    if (step % batch === 0) await wait(Math.max(0, started + (1000 * step) / perSecond - Date.now()));
  }
}

/** Every fourth run has a tag, to filter by. */
function tables(count: number, records: number): void {
  migrateDatabases();
  for (let number = 1; number <= count; number++) {
    const id = seedRun(number, 200);
    if (number % 4 === 0)
      appDb()
        .update(runs)
        .set({ tags: ["fourth"] })
        .where(eq(runs.id, id))
        .run();
  }
  seedQueue(records, Math.floor(records / 2), ["Ann", "Ben", "Cem", "Dee"]);
}

const [command, ...numbers] = process.argv.slice(2);
const [a, b, c] = numbers.map(Number) as [number, number, number];
if (command === "seed") seed(a, b);
else if (command === "tables") tables(a, b);
else await live(a, b, c);
