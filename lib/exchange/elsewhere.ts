// Runs that were made elsewhere, read so that they can be laid beside ours: a trainer_state.json of Transformers or TRL, or an event file of
// TensorBoard. Metrics that we know keep their names; others are named and left out.
import { z } from "zod";
import type { Method } from "../../trainers/config";
import { type MetricName, type MetricRow, metrics } from "../../trainers/metrics";
import { turns } from "../../trainers/turns";
import { parseJson } from "../bodies";
import { AppError } from "../errors";
import { eachEvent } from "./tensorboard";

export interface Elsewhere {
  method: Method;
  /** What is known of how it was asked for. */
  config: Record<string, unknown>;
  rows: MetricRow[];
  /** Names that we have no chart for. */
  left: string[];
}

const trainerState = z.looseObject({
  log_history: z.array(z.unknown()),
  max_steps: z.int().optional(),
  num_train_epochs: z.number().optional(),
  train_batch_size: z.int().nullish(),
  logging_steps: z.number().optional(),
  eval_steps: z.number().nullish(),
});
const logEntry = z.looseObject({ step: z.int().min(0) });

/** Lets others have their turn while it reads: such a file may hold a hundred thousand steps. */
export async function readElsewhere(file: string, bytes: Buffer): Promise<Elsewhere> {
  const read = file.endsWith(".json") ? fromTrainerState(bytes) : fromEvents(bytes);
  const { rows, left } = await asRows(read.logged);
  if (rows.length === 0)
    throw new AppError(
      400,
      `${file} holds no metric that we know${left.length > 0 ? `, only ${left.join(", ")}` : ""}.`,
    );
  return { method: methodOf(rows), config: read.config, rows, left };
}

interface Logged {
  step: number;
  values: Record<string, unknown>;
}

interface Read {
  logged: Iterable<Logged>;
  config: Record<string, unknown>;
}

function fromTrainerState(bytes: Buffer): Read {
  const parsed = trainerState.safeParse(parseJson(bytes.toString("utf8")));
  if (!parsed.success) throw new AppError(400, "This is no trainer_state.json: it has no log_history with steps.");
  const { log_history, max_steps, num_train_epochs, train_batch_size, logging_steps, eval_steps } = parsed.data;
  return {
    logged: logOf(log_history),
    config: {
      maxSteps: max_steps,
      epochs: num_train_epochs,
      batchSize: train_batch_size,
      logEvery: logging_steps,
      evalEvery: eval_steps,
    },
  };
}

function* logOf(entries: unknown[]): Generator<Logged> {
  for (const [i, entry] of entries.entries()) {
    const parsed = logEntry.safeParse(entry);
    if (!parsed.success)
      throw new AppError(400, `Entry ${i + 1} of this trainer_state.json's log_history has no step.`);
    const { step, ...values } = parsed.data;
    yield { step, values };
  }
}

const fromEvents = (bytes: Buffer): Read => ({ logged: loggedEvents(bytes), config: {} });

function* loggedEvents(bytes: Buffer): Generator<Logged> {
  try {
    let began: number | undefined;
    for (const { step, wallTime, values } of eachEvent(bytes)) {
      began ??= wallTime;
      yield { step, values: { ...values, elapsed: wallTime - began } };
    }
  } catch (cause) {
    throw new AppError(400, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** One row a step, in order; what was logged of a step later counts. */
async function asRows(logged: Iterable<Logged>): Promise<{ rows: MetricRow[]; left: string[] }> {
  const rows = new Map<number, MetricRow>();
  const left = new Set<string>();
  const turn = turns();
  for (const { step, values } of logged) {
    await turn();
    for (const [given, value] of Object.entries(values)) {
      if (typeof value !== "number") continue;
      const name = known(given);
      if (name === null) {
        if (left.size < mostNames) left.add(given);
        continue;
      }
      const row = rows.get(step) ?? { step };
      row[name] = value;
      rows.set(step, row);
    }
  }
  return { rows: [...rows.values()].sort((a, b) => a.step - b.step), left: [...left].sort() };
}

/** Of metrics that we do not know: more help nobody. */
const mostNames = 200;

/** Transformers writes `train/…` and `eval/…` to TensorBoard, `eval_…` to its state. Its `epoch` is not ours, which counts within an update. */
function known(given: string): MetricName | null {
  if (/^(train\/)?epoch$/.test(given)) return null;
  const name = given.replace(/^train\//, "").replace(/^eval\//, "eval_");
  return Object.hasOwn(metrics, name) ? (name as MetricName) : null;
}

const signs: [MetricName, Method][] = [
  ["objective/kl", "ppo"],
  ["log_odds_ratio", "orpo"],
  ["kl", "kto"],
  ["rewards/margins", "dpo"],
  ["mean_reward", "reward"],
  ["margin", "reward"],
];

/** What such metrics are logged by. */
const methodOf = (rows: MetricRow[]): Method =>
  signs.find(([name]) => rows.some((row) => row[name] !== undefined))?.[1] ?? "sft";
