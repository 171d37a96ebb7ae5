// The write-ahead log of a workbench that was killed while somebody annotated, damaged at offsets all over it.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";
import Database from "better-sqlite3";
import { createRandom } from "../../common/random";
import { damaged } from "./damage";
import type { Experiment, Outcome, Setting } from "./experiment";

const votes = 100;

export const wal: Experiment = {
  name: "wal",
  fault: "the write-ahead log of app.db damaged: a bit flipped, 512 bytes zeroed or overwritten, the rest cut off",
  demand:
    "every commit before the damage is there, after it none out of order; integrity_check ok, and it takes new rows",
  size: 10_000,
  unit: "offsets",
  run,
};

async function run({ size, seed, folder, signal, say }: Setting): Promise<Outcome> {
  await annotateAndDie(folder);
  const [main, log] = ["app.db", "app.db-wal"].map((name) => readFileSync(join(folder, name))) as [Buffer, Buffer];
  const scratch = join(folder, "damaged");
  const whole = look(scratch, main, log);
  if (whole.problems.length > 0 || whole.rows.length < votes) throw new Error(`undamaged: ${JSON.stringify(whole)}`);
  /** By number of commits that the log has whole: rows that are there then. */
  const ends = commitEnds(log);
  const standing = [0, ...ends].map((end) => look(scratch, main, log.subarray(0, end)).rows.length);
  const random = createRandom(seed, "wal");
  const [seen, failures]: [Record<string, number>, string[]] = [{}, []];
  let ran = 0;
  for (; ran < size && !signal.aborted; ran++) {
    const offset = Math.floor(((ran + random()) / size) * log.length);
    const { kind, bytes } = damaged(log, offset, random);
    const { rows, problems } = look(scratch, main, bytes);
    const least = standing[ends.filter((end) => end <= offset).length]!;
    const words = [
      ...problems,
      ...(rows.length < least ? [`${least} rows were committed before it, ${rows.length} are there`] : []),
      ...(isDeepStrictEqual(rows, whole.rows.slice(0, rows.length)) ? [] : ["the rows are no prefix"]),
    ];
    failures.push(...words.map((word) => `${kind} at ${offset}: ${word}`));
    seen[kind] = (seen[kind] ?? 0) + 1;
    if (ran % 1000 === 999) say(`${ran + 1} offsets, ${failures.length} failures`);
  }
  return { ran, seen, most: { "commits in the log": ends.length }, failures };
}

/** A workbench whose only annotator is killed in the middle of the work, so that its log stays. */
async function annotateAndDie(folder: string): Promise<void> {
  const env = { ...process.env, WORKBENCH_DATA: folder };
  execFileSync(process.execPath, ["scripts/program.mjs", "lib/setup/main.ts"], { env });
  const db = new Database(join(folder, "app.db"));
  db.exec("INSERT INTO annotators (id, name, created_at) VALUES (1, 'annotator', 0)");
  const queue = db.prepare("SELECT id FROM queues").pluck().get();
  db.close(); // what lies in the log is now in the file
  const words = ["scripts/program.mjs", "test/vote-forever.ts", "1", String(queue)];
  const child: ChildProcess = spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  let given = 0;
  for await (const _ of createInterface({ input: child.stdout! })) if (++given === votes) child.kill("SIGKILL");
  await closed;
}

/** What a database says that is opened on these bytes: its votes, and what is wrong. */
function look(folder: string, main: Buffer, log: Buffer): { rows: unknown[]; problems: string[] } {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(join(folder, "app.db"), main);
  writeFileSync(join(folder, "app.db-wal"), log);
  let db: Database.Database | null = null;
  try {
    db = new Database(join(folder, "app.db"));
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    const rows = db.prepare("SELECT * FROM judgements ORDER BY seq").all();
    const integrity = db.pragma("integrity_check", { simple: true });
    const dangling = db.pragma("foreign_key_check") as object[];
    db.exec("INSERT INTO annotators (name, created_at) VALUES ('later', 0)");
    const problems = integrity === "ok" ? [] : [`integrity_check: ${integrity}`];
    return { rows, problems: [...problems, ...dangling.map((row) => `dangling: ${JSON.stringify(row)}`)] };
  } catch (error) {
    return { rows: [], problems: [String(error)] };
  } finally {
    db?.close();
  }
}

/** Where the commits of a log end (sqlite.org/fileformat2.html#walformat): frames whose header says how large the database is after it. */
function commitEnds(log: Buffer): number[] {
  const [head, frameHead, page] = [32, 24, log.readUInt32BE(8)];
  const ends: number[] = [];
  for (let at = head; at + frameHead + page <= log.length; at += frameHead + page)
    if (log.readUInt32BE(at + 4) > 0) ends.push(at + frameHead + page);
  return ends;
}
