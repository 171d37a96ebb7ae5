// Has 100,000 rows masked, as records that are annotated and as rows that came with labels, in a data folder of its own, and says what that
// cost: the time, the most memory, and how long others waited meanwhile. Started by imports.ts.
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { dataFolder } from "../../common/env";
import { changeRecords } from "../../lib/annotation/data-checks/change-records";
import { addLabelled, addPairs, pathFiles } from "../../lib/datasets/add/add-dataset";
import { labelledSet } from "../../lib/datasets/labelled/labelled-sets";
import { indexRows } from "../../lib/datasets/labelled/row-index";
import { changeRows } from "../../lib/datasets/labelled/versions/change-rows";
import { appDb } from "../../lib/db/client";
import { annotators } from "../../lib/db/tables/annotators";
import { items } from "../../lib/db/tables/items";
import { migrateDatabases } from "../../lib/setup/migrate";
import type { Watch } from "../../lib/watch";
import type { MaskCost } from "./imports-figures";
import { measured } from "./measured";

const count = Number(process.argv[2]);
migrateDatabases();
appDb().insert(annotators).values({ name: "bench", createdAt: 0 }).run();

const file = join(dataFolder(), "rows.jsonl");
const text = "the river rose over the stone bridge in the night and carried the mill away with its flour ".repeat(8);
function* rows() {
  for (let i = 0; i < count; i++) {
    const prompt = `${text}${i}?`;
    const chosen = `${text} write to person.${i}@home.example`;
    const rejected = `${text} or call +1 415 555 ${1000 + (i % 9000)}.`;
    yield `${JSON.stringify({ prompt, chosen, rejected })}\n`;
  }
}
await pipeline(Readable.from(rows()), createWriteStream(file));

async function cost(change: (watch: Watch) => Promise<{ changed: number }>): Promise<MaskCost> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  let said = 0;
  const { seconds, peak } = await measured(async () => {
    const { changed } = await change({ says: () => void said++ });
    if (changed !== count) throw new Error(`${changed} of ${count} rows were masked`);
  });
  delay.disable();
  return { rows: count, seconds, peak, said, waited: { p99: delay.percentile(99) / 1e6, longest: delay.max / 1e6 } };
}

const added = { mapping: null, by: "bench" };
const { queueId } = await addPairs(pathFiles([file]), { name: "records", keepsLabels: false, ...added }, 0);
const ids = appDb().select({ id: items.id }).from(items).all();
const of = { rows: ids.map(({ id }) => id) };
const mask = { action: "mask", reason: "personal data" } as const;
const queue = { id: queueId, name: "records" };
const records = await cost((watch) => changeRecords(queue, { ...mask, of }, 1, 0, watch));
const undone = await cost((watch) => changeRecords(queue, { action: "undo", version: 2 }, 1, 0, watch));
const set = labelledSet((await addLabelled(pathFiles([file]), { name: "rows", ...added }, 0)).id);
await indexRows(set.sha256, set.rows);
const lines = { rows: Array.from({ length: count }, (_, i) => i + 1) };
const labelled = await cost((watch) => changeRows(set, { ...mask, of: lines }, 1, 0, watch));
process.stdout.write(JSON.stringify({ records, undone, labelled }));
