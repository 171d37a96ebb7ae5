// A run on the command line: its log is metrics.ndjson in the output folder.
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkpointsIn, type Saved } from "../../common/checkpoints";
import { print, Refusal, say } from "../../common/command-line";
import { readRunConfig } from "../../common/config-file";
import { alertWords } from "../../spec/alerts";
import type { RunConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { changedFields, clearAttempts, loggedUpTo } from "../run/earlier-attempts";
import type { Observer } from "../run/observer";

export interface TrainOptions {
  tokens?: string;
  resume?: true;
  allowChanged?: true;
  startOver?: true;
}

export async function trainFile(path: string, options: TrainOptions): Promise<void> {
  const config = readRunConfig(path);
  const saved = earlierAttempts(config, options);
  const { run } = await import("../run/train"); // once nothing is refused any more: TensorFlow takes a second to load
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => stop.abort()); // a terminal sends Ctrl-C to us and to who started us, who passes it on
  const log = join(config.output, "metrics.ndjson");
  const finished = await run(config, {
    signal: stop.signal,
    ...(options.tokens && { tokensFile: options.tokens }),
    resume: saved,
    attempt: 1 + Math.max(0, ...saved.map(({ attempt }) => attempt)),
    allowChanged: options.allowChanged === true,
    history: () => loggedUpTo(log, Number.POSITIVE_INFINITY), // cut to where this attempt begins by then
    observer: observer(log, saved.length > 0),
  });
  say(
    finished
      ? `finished; the result is in ${config.output}`
      : "stopped; the last step is saved, and the same command with --resume goes on from it",
  );
}

/** The checkpoints to go on from, newest first. Refuses where nobody said what is to become of those that are there. */
function earlierAttempts(config: RunConfig, { resume, allowChanged, startOver }: TrainOptions): Saved[] {
  if (resume && startOver) throw new Refusal("--resume goes on and --start-over begins anew: give one of them");
  const { output } = config;
  const saved = checkpointsIn(output);
  const [last] = saved;
  if (!last) {
    if (resume) throw new Refusal(`there is nothing to resume: ${output} holds no checkpoint`);
    return [];
  }
  if (startOver) {
    clearAttempts(output);
    return [];
  }
  if (!resume)
    throw new Refusal(
      `${output} holds a run up to step ${last.step} (${last.folder}). Go on from there with --resume, give it up with --start-over, or name another output folder`,
    );
  const changes = changedFields(config);
  if (changes.length > 0 && !allowChanged)
    throw new Refusal(
      `the run file is not the one that ${output} was trained with: ${changes.join("; ")}. Change it back, or go on all the same with --allow-changed`,
    );
  for (const change of changes) say(`goes on although ${change}`);
  return saved;
}

/** Metrics to standard output and into the log, everything else in words to standard error. */
const observer = (log: string, resumed: boolean): Observer => ({
  note: say,
  started({ step, totalSteps, trainRows, heldOutRows, parameters }) {
    const kept = resumed ? loggedUpTo(log, step) : [];
    writeFileSync(log, kept.map((row) => `${metricLine(row)}\n`).join(""));
    say(
      `${totalSteps} steps over ${trainRows} rows (${heldOutRows} held out), ${parameters.toLocaleString("en")} trained parameters`,
    );
  },
  metrics(row) {
    const line = metricLine(row);
    process.stdout.write(`${line}\n`);
    appendFileSync(log, `${line}\n`);
  },
  answers: (step, answers) => say(`step ${step}: ${JSON.stringify(answers[0]?.answer)}`),
  alert: (alert) => say(alertWords(alert)),
  waiting: (asked) => print({ event: "waiting", ...asked }), // who answers reads the request there
  histogram() {},
  checked: ({ detail }) => say(`✓ ${detail}`),
  checkpoint: (step, folder) => say(`saved step ${step} in ${folder}`),
});

/** JSON has no NaN or Infinity: those are written as strings. */
const metricLine = (row: MetricRow) =>
  JSON.stringify(row, (_, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value));
