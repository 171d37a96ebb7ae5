// A trainer that is killed at each moment at which it changes something of its checkpoints, and started again.
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { checkpointsIn } from "../../common/checkpoints";
import { fileHash } from "../../common/file-hash";
import type { Experiment, Outcome, Setting } from "./experiment";
import { resultOf, spread, train, writeRunFile } from "./train-tiny";

export const killCheckpoint: Experiment = {
  name: "kill-checkpoint",
  fault: "kill -9 of a trainer at every open, write (before it and halfway), fsync and rename of its checkpoints",
  demand: "what lies under a checkpoint's name is whole; started again, the run ends with the same bits and curve",
  size: 140,
  unit: "moments",
  run,
};

async function run({ size, folder, signal, say }: Setting): Promise<Outcome> {
  const undisturbed = await killedAt(folder, Number.MAX_SAFE_INTEGER);
  if (undisturbed.status !== 0) throw new Error(`the undisturbed run fails:\n${undisturbed.stderr}`);
  const expected = resultOf(undisturbed.output);
  const { moments } = undisturbed;
  const [seen, failures]: [Record<string, number>, string[]] = [{}, []];
  let ran = 0;
  for (const at of spread(size, moments.length)) {
    if (signal.aborted) break;
    const { output, file, signal: killedBy, moments: passed } = await killedAt(folder, at);
    const where = `${at}: ${passed.at(-1)}`;
    if (killedBy !== "SIGKILL") failures.push(`${where}: it was not killed`);
    failures.push(...unsound(output).map((word) => `${where}: ${word}`));
    const saved = checkpointsIn(output);
    const again = await train(file, saved.length > 0 ? ["--resume"] : []);
    if (again.status !== 0) failures.push(`${where}: started again, it ends with ${again.status}: ${again.stderr}`);
    if (again.stderr.includes("skipped a checkpoint")) failures.push(`${where}: a checkpoint was passed over`);
    if (!isDeepStrictEqual(resultOf(output), expected)) failures.push(`${where}: adapter or curve differ`);
    failures.push(...leftOver(output).map((name) => `${where}: ${name} stays behind`));
    const kind = passed.at(-1)!.split(" /")[0]!;
    seen[kind] = (seen[kind] ?? 0) + 1;
    ran++;
    say(`${where}; ${failures.length} failures`);
  }
  return { ran, seen, most: { "moments in the run": moments.length }, failures };
}

/** A new run that dies at a moment. */
async function killedAt(folder: string, at: number) {
  const own = join(folder, "run");
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  const { file, output } = writeRunFile(own);
  const [below, log] = [join(output, "checkpoints"), join(own, "moments.log")];
  const env = { FAULT: "kill", FAULT_AT: String(at), FAULT_BELOW: below, FAULT_LOG: log };
  const ended = await train(file, [], ["./tools/torture/fault-at.ts"], env);
  const moments = readFileSync(log, "utf8").trim().split("\n");
  return { file, output, moments, ...ended };
}

/** Files of checkpoints that lie under their names and are not as their manifests say. */
function unsound(output: string): string[] {
  return checkpointsIn(output).flatMap(({ folder }) => {
    const { files } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as {
      files: Record<string, string>;
    };
    return Object.entries(files).flatMap(([name, hash]) =>
      fileHash(join(folder, name)) === hash ? [] : [`${relative(output, folder)}/${name} is damaged under its name`],
    );
  });
}

const leftOver = (output: string): string[] =>
  readdirSync(join(output, "checkpoints")).filter((name) => name.startsWith("tmp-"));
