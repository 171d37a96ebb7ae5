// `npm run records`: what the records browser costs at a hundred thousand records, within the server: the first page, searches, facets,
// orders and later pages. Writes tools/bench/results/records.json. Takes about three minutes.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { listRecords } from "../../lib/annotation/records/list-records";
import { type RecordFilter, recordFilter } from "../../lib/annotation/records/records-schema";
import { seedQueue } from "./load-data";

const [records, votes, rounds] = [100_000, 50_000, 9];
const folder = mkdtempSync(join(tmpdir(), "workbench-records-"));
process.env.WORKBENCH_DATA = folder;
const queue = seedQueue(
  records,
  votes,
  Array.from({ length: 8 }, (_, i) => `annotator ${i + 1}`),
);

/** Milliseconds of processor time, which other programs on the machine change little, and by the clock. */
function timed(work: () => unknown): { processor: number; clock: number } {
  const [started, used] = [performance.now(), process.cpuUsage()];
  work();
  const { user, system } = process.cpuUsage(used);
  return { processor: (user + system) / 1000, clock: performance.now() - started };
}
const page = (filter: Partial<RecordFilter>, cursor: string | null = null) =>
  listRecords(queue, 1, recordFilter.parse(filter), cursor);
/** The median of the processor's times and the shortest by the clock, over some rounds. */
function measured(work: () => unknown): { processor: number; clock: number } {
  const times = Array.from({ length: rounds }, () => timed(work));
  const sorted = (name: "processor" | "clock") => times.map((time) => time[name]).sort((a, b) => a - b);
  return {
    processor: Number(sorted("processor")[(rounds - 1) / 2]!.toFixed(1)),
    clock: Number(sorted("clock")[0]!.toFixed(1)),
  };
}

const { processor, clock } = timed(() => page({}));
const { next } = page({});
const result = {
  machine: cpus()[0]!.model.trim(),
  records,
  votes,
  rounds,
  milliseconds: {
    "first rows, after a start": { processor: Number(processor.toFixed(1)), clock: Number(clock.toFixed(1)) },
    "first rows": measured(() => page({})),
    "second page": measured(() => page({}, next)),
    "search: a number in three records": measured(() => page({ q: "99999" })),
    "search: two words of every record": measured(() => page({ q: "example stops" })),
    "search: a word that is being typed": measured(() => page({ q: "quest" })),
    "facet: disputed": measured(() => page({ status: ["disputed"] })),
    "facet: one annotator": measured(() => page({ annotator: [1] })),
    "facets of three kinds": measured(() => page({ status: ["labelled"], annotator: [1, 2], said: ["slightly"] })),
    "sorted by disagreement": measured(() => page({ sort: "disagreement" })),
    "search, facet and order at once": measured(() =>
      page({ q: "example", status: ["labelled"], annotator: [1], sort: "updated" }),
    ),
  },
};
writeFileSync("tools/bench/results/records.json", `${JSON.stringify(result, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(result.milliseconds, null, 2)}\n`);
rmSync(folder, { recursive: true });
