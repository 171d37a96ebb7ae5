// The command line: results on standard output as one JSON object a line, progress and problems on standard error.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import type { z } from "zod";
import { alertWords } from "./alerts";
import { chatConfig, generateConfig, problems, runConfig } from "./config";
import { explain } from "./explain";
import { FieldError } from "./field-error";
import type { MetricRow } from "./metrics";

const help = `workbench: align small language models on this machine

  npm run --silent workbench -- train run.json [--tokens FILE]   train; one line per step
  npm run --silent workbench -- preflight run.json [--later FOLDER]   what would stop a run, what it would learn from and need; FOLDER is yet to be trained
  npm run --silent workbench -- dry-run run.json                 try four steps: memory at the peak, seconds a step
  npm run --silent workbench -- generate gen.json                answer prompts; one line per completion
  npm run --silent workbench -- chat chat.json                   go on with a conversation, by several adapters; a line whenever an answer grows
  npm run --silent workbench -- pairs gen.json QUEUE             two answers or more to each prompt, by one policy or two, into a queue
  npm run --silent workbench -- merge MODEL ADAPTER FOLDER       work an adapter into its model, in Hugging Face layout
  npm run --silent workbench -- export MODEL [ADAPTER] FILE.gguf [--type F16|Q8_0]   one file for llama.cpp
  npm run --silent workbench -- queue                            the queues, one a line
  npm run --silent workbench -- import FILE QUEUE                pairs into a queue, by its name; made where there is none
  npm run --silent workbench -- export QUEUE [--rows pairs|kto|llama-factory|llama-factory-info|csv|parquet|card|rewrites|events|items]   decided pairs (TRL), for others, people's own answers, or all pairs
  npm run --silent workbench -- score QUEUE MODEL FOLDER         what a reward run's model (in FOLDER) says of a queue's pairs
  npm run --silent workbench -- fetch smollm2-135m-instruct      download a model
  npm run --silent workbench -- doctor                           what this machine trains on
  npm run --silent workbench -- doctor QUEUE                     what may be wrong with a queue's pairs
  npm run --silent workbench -- help

Exit status: 0 finished, 2 the file is wrong, 1 the run failed.`;

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
function parseFile<T>(path: string | undefined, schema: z.ZodType<T>): T {
  const refuse = (reason: string): never => {
    say(reason);
    process.exit(2);
  };
  if (path === undefined) return refuse(help);
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

async function train(path: string | undefined, tokensFile: string | undefined): Promise<void> {
  const config = parseFile(path, runConfig);
  const { run } = await import("./train");
  const { scoreCache } = await import("../lib/scores/store");
  (await import("../lib/db/migrate")).migrateDatabases();
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  const log = join(config.output, "metrics.ndjson");
  const finished = await run(config, {
    signal: stop.signal,
    ...(tokensFile && { tokensFile }),
    scoreCache,
    observer: {
      note: say,
      started({ totalSteps, trainRows, heldOutRows, parameters }) {
        writeFileSync(log, "");
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
      histogram() {},
      checked: ({ detail }) => say(`✓ ${detail}`),
      checkpoint: (step, folder) => say(`saved step ${step} in ${folder}`),
    },
  });
  say(finished ? `finished; the result is in ${config.output}` : "stopped; the last step is saved");
}

/** The report as one JSON object; its rows also on standard error, what is scored between brackets. */
async function preflightFile(path: string | undefined, later: string[]): Promise<void> {
  const config = parseFile(path, runConfig);
  const { examine } = await import("./examine");
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

async function exportGguf([source, ...rest]: string[], type: string): Promise<void> {
  const [adapter, file] = rest.length === 2 ? rest : [null, rest[0]];
  if (!source || !file?.endsWith(".gguf") || (type !== "F16" && type !== "Q8_0")) {
    say(help);
    process.exit(2);
  }
  const { readModel } = await import("./models/load");
  const { readAdapter } = await import("./models/lora");
  const { writeGguf } = await import("./models/gguf-write");
  const files = await readModel(source);
  writeGguf(file, basename(file, ".gguf"), files, adapter ? readAdapter(adapter, files.config) : null, type);
  say(`the model is in ${file}, matrices in ${type}`);
}

/** Fresh pairs for people to judge. The same file again writes the same answers, of which the queue keeps one. */
async function fillQueue(config: z.infer<typeof generateConfig>, name: string | undefined): Promise<void> {
  if (!name) {
    say(help);
    process.exit(2);
  }
  (await import("../lib/db/migrate")).migrateDatabases();
  const [{ generatePairs }, { queueNamed }, { addItems }] = await Promise.all([
    import("./generate"),
    import("../lib/queues/load"),
    import("../lib/samples/load"),
  ]);
  const { patiently } = await import("../lib/db/busy");
  let [added, written] = [0, 0];
  await generatePairs(config, (pairs, done, total) => {
    written += pairs.length;
    added += patiently(() => addItems(queueNamed(name, Date.now()), pairs));
    say(`${done} of ${total} prompts, ${added} new pairs`);
  });
  process.stdout.write(`${JSON.stringify({ queue: name, added, duplicates: written - added })}\n`);
}

/** Queues from the command line: the same files as in the browser. */
async function queueCommand(command: string, [first, second, third]: string[], rows: string): Promise<void> {
  (await import("../lib/db/migrate")).migrateDatabases();
  const { exporters, queueSummaries } = await import("../lib/queues/command");
  const print = (value: object) => void process.stdout.write(`${JSON.stringify(value)}\n`);
  if (command === "queue") {
    for (const queue of queueSummaries()) print(queue);
    return;
  }
  if (command === "import" && first && second) {
    const { bad, ...report } = await (await import("../lib/queues/load")).loadPairs(second, first, Date.now());
    for (const { line, reason } of bad) say(`${first}:${line}: ${reason}`);
    print({ ...report, bad: bad.length });
    return;
  }
  const queue = queueSummaries().find(({ id, name }) => name === first || String(id) === first);
  if (command === "doctor") {
    if (!queue) throw new Error(`there is no queue ${first}; \`workbench queue\` lists them`);
    const { diagnose } = await import("../lib/doctor/store");
    return print(diagnose(queue.id));
  }
  if (command === "score" && first && second && third) {
    if (!queue) throw new Error(`there is no queue ${first}; \`workbench queue\` lists them`);
    const { pairsToScore, putScores } = await import("../lib/queues/scores");
    const { scorePairs } = await import("./score");
    const pairs = pairsToScore(queue.id);
    const tooLong = await scorePairs(second, third, pairs, (scored, done) => {
      putScores(scored, third, Date.now());
      say(`${done} of ${pairs.length} pairs`);
    });
    print({ queue: queue.name, scored: pairs.length - tooLong, tooLong });
    return;
  }
  if (command !== "export" || !first || !Object.hasOwn(exporters, rows)) {
    say(help);
    process.exit(2);
  }
  if (!queue) throw new Error(`there is no queue ${first}; \`workbench queue\` lists them`);
  process.stdout.write(exporters[rows as keyof typeof exporters](queue.id));
}

async function merge([source, adapter, folder]: string[]): Promise<void> {
  if (!source || !adapter || !folder) {
    say(help);
    process.exit(2);
  }
  const { readModel } = await import("./models/load");
  const { readAdapter } = await import("./models/lora");
  const { writeMerged } = await import("./models/merge");
  const files = await readModel(source);
  writeMerged(folder, files, readAdapter(adapter, files.config));
  say(`the merged model is in ${folder}`);
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      tokens: { type: "string" },
      type: { type: "string", default: "F16" },
      rows: { type: "string", default: "pairs" },
      later: { type: "string", multiple: true, default: [] },
    },
  });
  const [command, ...args] = positionals;
  const [file] = args;
  if (command === "train") await train(file, values.tokens);
  else if (command === "generate") await (await import("./generate")).generateFile(parseFile(file, generateConfig));
  else if (command === "chat") await (await import("./chat")).chat(parseFile(file, chatConfig));
  else if (command === "pairs") await fillQueue(parseFile(file, generateConfig), args[1]);
  else if (command === "dry-run")
    process.stdout.write(`${JSON.stringify(await (await import("./dry-run")).dryRun(parseFile(file, runConfig)))}\n`);
  else if (command === "preflight") await preflightFile(file, values.later);
  else if (command === "merge") await merge(args);
  else if (command === "export" && args.at(-1)?.endsWith(".gguf")) await exportGguf(args, values.type);
  else if (command === "doctor" && file === undefined) await (await import("./doctor")).doctor();
  else if (["queue", "import", "export", "score", "doctor"].includes(command ?? ""))
    await queueCommand(command!, args, values.rows);
  else {
    process.stdout.write(`${help}\n`);
    if (command !== undefined && command !== "help") process.exitCode = 2;
  }
} catch (error) {
  if (error instanceof FieldError) {
    say(`${error.path}: ${error.message}`);
    process.exit(2);
  }
  say(explain(error));
  if (process.env.DEBUG && error instanceof Error) say(error.stack ?? "");
  process.exit(1);
}
