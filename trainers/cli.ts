// The command line: results on standard output as one JSON object a line, progress and problems on standard error.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { inspect } from "node:util";
import type { z } from "zod";
import { checkpointsIn, type Saved } from "../common/checkpoints";
import { debugging } from "../common/env";
import { parseCommandLine } from "../scripts/command-line.mjs";
import { alertWords } from "../spec/alerts";
import { chatConfig, generateConfig, problems, type RunConfig, runConfig } from "../spec/config";
import { FieldError } from "../spec/field-error";
import type { MetricRow } from "../spec/metrics/catalogue";
import { changedFields, clearAttempts, loggedUpTo } from "./run/earlier-attempts";
import { explain } from "./run/explain";

// `… | head` closes the pipe when it has enough: no error of ours
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const say = (text: string) => process.stderr.write(`${text}\n`);

/** JSON has no NaN or Infinity: those are written as strings. */
export const metricLine = (row: MetricRow) =>
  JSON.stringify(row, (_, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value));

/** Parses a config file, or lists everything wrong with it and exits with 2. */
function parseFile<T>(path: string, schema: z.ZodType<T>): T {
  const refuse = (reason: string): never => {
    say(reason);
    process.exit(2);
  };
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    return refuse(`${path}: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = schema.safeParse(json);
  return parsed.success
    ? parsed.data
    : refuse(
        problems(parsed.error)
          .map((problem) => `${path}: ${problem}`)
          .join("\n"),
      );
}

/** Whether a run reads pairs from this workbench's database, or asks its people. */
const needsDatabase = (config: RunConfig): boolean =>
  [config.data.train, config.data.eval].some((source) => source?.match(/^(snapshot|labelled):/)) ||
  (config.method === "iterative-dpo" && config.iterativeDpo.judge.queue !== null);

/** A run file, and the database brought up to date where the run needs one. */
async function runFile(path: string): Promise<RunConfig> {
  const config = parseFile(path, runConfig);
  if (!needsDatabase(config)) return config;
  (await import("../lib/setup/migrate")).migrateDatabases();
  return (await import("../lib/datasets/data-files")).withDataFiles(config);
}

interface TrainOptions {
  tokensFile: string | undefined;
  resume: boolean;
  allowChanged: boolean;
  startOver: boolean;
}

/** The checkpoints to go on from, newest first. Exits with 2 where nobody said what is to become of those that are there. */
function earlierAttempts(config: RunConfig, { resume, allowChanged, startOver }: TrainOptions): Saved[] {
  const refuse = (reason: string): never => {
    say(reason);
    process.exit(2);
  };
  const { output } = config;
  if (resume && startOver) return refuse("--resume goes on and --start-over begins anew: give one of them");
  const saved = checkpointsIn(output);
  const [last] = saved;
  if (!last) return resume ? refuse(`there is nothing to resume: ${output} holds no checkpoint`) : [];
  if (startOver) {
    clearAttempts(output);
    return [];
  }
  if (!resume)
    return refuse(
      `${output} holds a run up to step ${last.step} (${last.folder}). Go on from there with --resume, give it up with --start-over, or name another output folder`,
    );
  const changes = changedFields(config);
  if (changes.length > 0 && !allowChanged)
    return refuse(
      `the run file is not the one that ${output} was trained with: ${changes.join("; ")}. Change it back, or go on all the same with --allow-changed`,
    );
  for (const change of changes) say(`goes on although ${change}`);
  return saved;
}

async function train(path: string, options: TrainOptions): Promise<void> {
  const config = await runFile(path);
  const saved = earlierAttempts(config, options);
  const { run } = await import("./run/train");
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  const log = join(config.output, "metrics.ndjson");
  const { tokensFile, allowChanged } = options;
  const finished = await run(config, {
    signal: stop.signal,
    ...(tokensFile && { tokensFile }),
    resume: saved,
    attempt: 1 + Math.max(0, ...saved.map(({ attempt }) => attempt)),
    allowChanged,
    history: () => loggedUpTo(log, Number.POSITIVE_INFINITY), // cut to where this attempt begins by then
    observer: {
      note: say,
      started({ step, totalSteps, trainRows, heldOutRows, parameters }) {
        const kept = saved.length > 0 ? loggedUpTo(log, step) : [];
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
      waiting: (files) => void serveJudgements(config.output, files),
      histogram() {},
      checked: ({ detail }) => say(`✓ ${detail}`),
      checkpoint: (step, folder) => say(`saved step ${step} in ${folder}`),
    },
  });
  say(
    finished
      ? `finished; the result is in ${config.output}`
      : "stopped; the last step is saved, and the same command with --resume goes on from it",
  );
}

/** Puts what a run asks of people into its queue, and passes on what they think. */
async function serveJudgements(output: string, files: { request: string; answer: string }): Promise<void> {
  const { openDesk } = await import("../lib/runner/judgements");
  const desk = openDesk(output, basename(output));
  desk.open(files);
  setInterval(() => desk.look(), 500).unref();
}

/** The report as one JSON object; its rows also on standard error, what is scored between brackets. */
async function preflightFile(path: string, later: string[]): Promise<void> {
  const config = await runFile(path);
  const { examine } = await import("./run/validate-run");
  try {
    const report = await examine(config, later);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    for (const { path, message } of report.odd) say(`${path}: ${message}`);
    for (const line of [...report.notes, ...report.warnings]) say(line);
    for (const row of report.examples.flat())
      say(`\n${row.map(({ text, scored }) => (scored ? `[${text}]` : text)).join("·")}`);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    process.stdout.write(`${JSON.stringify({ path: error.path, message: error.message })}\n`);
    say(`${path}: ${error.path}: ${error.message}`);
    process.exitCode = 2;
  }
}

async function exportGguf(source: string, adapter: string | null, file: string, type: "F16" | "Q8_0"): Promise<void> {
  const { readModel } = await import("./models/load");
  const { readAdapter } = await import("./adapters/files");
  const { writeGguf } = await import("./models/formats/gguf-write");
  const files = await readModel(source);
  writeGguf(file, basename(file, ".gguf"), files, adapter ? readAdapter(adapter, files.config) : null, type);
  say(`the model is in ${file}, matrices in ${type}`);
}

/** Fresh pairs for people to judge. The same file again writes the same answers, of which the queue keeps one. */
async function fillQueue(config: z.infer<typeof generateConfig>, name: string): Promise<void> {
  (await import("../lib/setup/migrate")).migrateDatabases();
  const [{ generatePairs }, { queueNamed }, { addItems }] = await Promise.all([
    import("./commands/generate"),
    import("../lib/annotation/queues/load-pairs"),
    import("../lib/annotation/items/items"),
  ]);
  const { retryOnBusy } = await import("../lib/db/busy");
  let [added, written] = [0, 0];
  await generatePairs(config, (pairs, done, total) => {
    written += pairs.length;
    added += retryOnBusy(() => addItems(queueNamed(name, Date.now()), pairs));
    say(`${done} of ${total} prompts, ${added} new pairs`);
  });
  process.stdout.write(`${JSON.stringify({ queue: name, added, duplicates: written - added })}\n`);
}

/** Queues from the command line: the same files as in the browser. */
async function queueCommand(
  command: string,
  [first = "", second = "", third = ""]: string[],
  rows: string,
): Promise<void> {
  (await import("../lib/setup/migrate")).migrateDatabases();
  const { queueSummaries } = await import("../lib/annotation/queues/queue-summaries");
  const { exporters } = await import("../lib/datasets/snapshots/snapshot");
  const print = (value: object) => void process.stdout.write(`${JSON.stringify(value)}\n`);
  if (command === "queue") {
    for (const queue of queueSummaries()) print(queue);
    return;
  }
  const queue = queueSummaries().find(({ id, name }) => name === first || String(id) === first);
  if (command === "doctor") {
    if (!queue) throw new Error(`there is no queue ${first}; \`workbench queue\` lists them`);
    const { diagnose } = await import("../lib/annotation/data-checks/queue-data-checks");
    return print(diagnose(queue.id));
  }
  if (command === "statistics") {
    if (!queue) throw new Error(`there is no queue ${first}; \`workbench queue\` lists them`);
    const { asText, statisticsOf } = await import("../lib/annotation/queues/queue-statistics");
    return void process.stdout.write(`${asText(statisticsOf(queue.id))}\n`);
  }
  if (command === "score") {
    if (!queue) throw new Error(`there is no queue ${first}; \`workbench queue\` lists them`);
    const { pairsToScore, putScores } = await import("../lib/annotation/queues/item-scores");
    const { scorePairs } = await import("./commands/score");
    const pairs = pairsToScore(queue.id);
    const left = await scorePairs(second, third, pairs, (scored, done) => {
      putScores(scored, third, Date.now());
      say(`${done} of ${pairs.length} pairs`);
    });
    print({ queue: queue.name, scored: pairs.length - left, left });
    return;
  }
  if (!queue) throw new Error(`there is no queue ${first}; \`workbench queue\` lists them`);
  process.stdout.write(exporters[rows as keyof typeof exporters](queue.id));
}

/** Pairs into a queue, or rows with their labels as a dataset, which a run file names labelled:ID. A file of which nothing can be read is wrong, as a run file may be. */
async function importFile(file: string, name: string, labelled: boolean): Promise<void> {
  (await import("../lib/setup/migrate")).migrateDatabases();
  const load = labelled
    ? (await import("../lib/datasets/labelled/labelled-sets")).loadLabelled
    : (await import("../lib/annotation/queues/load-pairs")).loadPairs;
  const { AppError } = await import("../spec/errors");
  try {
    const { bad, left, notes, ...report } = await load(name, file, Date.now());
    for (const { line, reason } of bad) say(`${file}:${line}: ${reason}`);
    if (left > bad.length) say(`${file}: ${left - bad.length} more lines were left out`);
    for (const note of notes) say(`${file}: ${note}`);
    process.stdout.write(`${JSON.stringify({ ...report, bad: left })}\n`);
  } catch (error) {
    throw error instanceof AppError ? new FieldError("file", `${file}: ${error.message}`, { cause: error }) : error;
  }
}

async function merge(source: string, adapter: string, folder: string): Promise<void> {
  const { readModel } = await import("./models/load");
  const { readAdapter } = await import("./adapters/files");
  const { writeMerged } = await import("./adapters/merge");
  const files = await readModel(source);
  writeMerged(folder, files, readAdapter(adapter, files.config));
  say(`the merged model is in ${folder}`);
}

async function perform(command: string, args: string[], options: Record<string, string[]>): Promise<void> {
  const [first = "", second = "", third = ""] = args;
  switch (command) {
    case "train":
      return train(first, {
        tokensFile: options.tokens?.[0],
        resume: options.resume !== undefined,
        allowChanged: options["allow-changed"] !== undefined,
        startOver: options["start-over"] !== undefined,
      });
    case "preflight":
      return preflightFile(first, options.later ?? []);
    case "dry-run": {
      const tried = await (await import("./commands/dry-run")).dryRun(await runFile(first));
      return void process.stdout.write(`${JSON.stringify(tried)}\n`);
    }
    case "generate":
      return (await import("./commands/generate")).generateFile(parseFile(first, generateConfig));
    case "chat":
      return (await import("./commands/chat")).chat(parseFile(first, chatConfig));
    case "pairs":
      return fillQueue(parseFile(first, generateConfig), second);
    case "merge":
      return merge(first, second, third);
    case "queue":
    case "score":
    case "statistics":
      return queueCommand(command, args, "");
    case "import":
      return importFile(first, second, options.as?.[0] === "labelled");
    case "export": {
      const type = options.type?.[0] === "Q8_0" ? "Q8_0" : "F16";
      if (args.at(-1)!.endsWith(".gguf")) return exportGguf(first, third ? second : null, args.at(-1)!, type);
      return queueCommand(command, args, options.rows?.[0] ?? "pairs");
    }
    case "doctor":
      return args.length === 0 ? (await import("./commands/environment")).doctor() : queueCommand(command, args, "");
    default:
      say(`${command} is not for this program: npm run workbench -- ${command}`);
      process.exit(2);
  }
}

try {
  const line = parseCommandLine(process.argv.slice(2));
  if ("help" in line) process.stdout.write(`${line.help}\n`);
  else if ("refused" in line) {
    say(line.refused);
    process.exitCode = 2;
  } else await perform(line.form.name, line.args, line.options);
} catch (error) {
  if (error instanceof FieldError) {
    say(`${error.path}: ${error.message}`);
    process.exit(2);
  }
  say(explain(error));
  if (debugging()) say(inspect(error));
  process.exit(1);
}
