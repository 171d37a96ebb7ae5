// Files of rows as an import reads them, with something wrong in most of their lines.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createRandom } from "../../common/random";
import { anyRow, readRows } from "../../common/rows/rows";
import { damaged } from "./damage";
import type { Experiment, Outcome, Setting } from "./experiment";
import { isUnexpected, mutatedBytes, mutatedJson } from "./mutate";

const golden = join("data", "golden", "trajectories");
const linesPerFile = 5000;
/** Of each kind, damaged as a file and read after each file of lines. */
const packed = ["rows.jsonl.gz", "rows.csv", "rows.csv.gz", "pairs.snappy.parquet", "pairs.zstd.parquet"];

export const fuzzRows: Experiment = {
  name: "fuzz-rows",
  fault: "JSONL with mutated lines; the same packed, as CSV, and Parquet, damaged as files",
  demand: "each line is accepted or rejected with a reason; no file ends the reading but with a sentence",
  size: 1_000_000,
  unit: "lines",
  run,
};

async function run({ size, seed, folder, signal, say }: Setting): Promise<Outcome> {
  const random = createRandom(seed, "fuzz-rows");
  const good = ["pairs", "unpaired", "sft", "strings"].flatMap((name) =>
    readFileSync(join(golden, `${name}.jsonl`), "utf8")
      .trim()
      .split("\n"),
  );
  const parquet = Object.fromEntries(packed.slice(3).map((name) => [name, readFileSync(join(golden, name))]));
  const csv = `prompt,chosen,rejected\n${good.map((line) => `"${line.replaceAll('"', '""')}",yes,"no, ""not"""`).join("\n")}\n`;
  const seen = { accepted: 0, rejected: 0, "damaged files": 0, "of them refused as a whole": 0 };
  const failures: string[] = [];
  let ran = 0;
  while (ran < size && !signal.aborted) {
    const lines = Array.from({ length: Math.min(linesPerFile, size - ran) }, () => mutatedLine(good, random));
    const first = Buffer.from(good[0]!); // a bracket there would make it another format
    const whole = Buffer.concat([first, ...lines].flatMap((line) => [line, Buffer.from("\n")]));
    const path = join(folder, "rows.jsonl");
    writeFileSync(path, whole);
    try {
      const { good: accepted, bad } = await readRows(path, anyRow);
      const expected = 1 + lines.filter((line) => line.toString("utf8").trim() !== "").length;
      if (accepted.length + bad.length !== expected)
        failures.push(`after ${ran} lines: ${expected} in, ${accepted.length} accepted and ${bad.length} rejected`);
      for (const { line, reason } of bad)
        if (reason === "") failures.push(`after ${ran} lines: line ${line} is rejected without a reason`);
      seen.accepted += accepted.length;
      seen.rejected += bad.length;
    } catch (error) {
      failures.push(`after ${ran} lines: ${error}`);
    }
    ran += lines.length;
    const sources = {
      "rows.jsonl.gz": gzipSync(whole),
      "rows.csv": Buffer.from(csv),
      "rows.csv.gz": gzipSync(csv),
      ...parquet,
    };
    for (const [name, bytes] of Object.entries(sources)) {
      const { kind, bytes: wrong } = damaged(bytes, Math.floor(bytes.length * random()), random);
      writeFileSync(join(folder, name), wrong);
      seen["damaged files"]++;
      try {
        await readRows(join(folder, name), anyRow);
      } catch (error) {
        seen["of them refused as a whole"]++;
        if (isUnexpected(error)) failures.push(`${name} ${kind}, after ${ran} lines: ${error}`);
      }
    }
    if (ran % (20 * linesPerFile) === 0) say(`${ran} lines, ${failures.length} failures`);
  }
  return { ran, seen, most: {}, failures };
}

function mutatedLine(good: string[], random: () => number): Buffer {
  const line = good[Math.floor(good.length * random())]!;
  if (random() < 0.05) return Buffer.from(line);
  if (random() < 0.5) return mutatedBytes(Buffer.from(line), random);
  return Buffer.from(JSON.stringify(mutatedJson(JSON.parse(line), random)));
}
