// Runs that were made elsewhere, read so that they can be laid beside ours: a trainer_state.json of Transformers or TRL, or an event file of
// TensorBoard. Metrics that we know keep their names; others are named and left out.
import { z } from "zod";
import type { Method } from "../../trainers/config";
import { type MetricName, type MetricRow, metrics } from "../../trainers/metrics";
import { AppError } from "../errors";
import { decodeEvents } from "./tensorboard";

export interface Elsewhere {
  method: Method;
  /** What is known of how it was asked for. */
  config: Record<string, unknown>;
  rows: MetricRow[];
  /** Names that we have no chart for. */
  left: string[];
}

const trainerState = z.looseObject({
  log_history: z.array(z.looseObject({ step: z.int().min(0) })),
  max_steps: z.int().optional(),
  num_train_epochs: z.number().optional(),
  train_batch_size: z.int().nullish(),
  logging_steps: z.number().optional(),
  eval_steps: z.number().nullish(),
});

export function readElsewhere(file: string, bytes: Buffer): Elsewhere {
  const read = file.endsWith(".json") ? fromTrainerState(bytes) : fromEvents(bytes);
  const { rows, left } = asRows(read.logged);
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

function fromTrainerState(bytes: Buffer): { logged: Logged[]; config: Record<string, unknown> } {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new AppError(400, `This is no JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  const parsed = trainerState.safeParse(json);
  if (!parsed.success) throw new AppError(400, "This is no trainer_state.json: it has no log_history with steps.");
  const { log_history, max_steps, num_train_epochs, train_batch_size, logging_steps, eval_steps } = parsed.data;
  return {
    logged: log_history.map(({ step, ...values }) => ({ step, values })),
    config: {
      maxSteps: max_steps,
      epochs: num_train_epochs,
      batchSize: train_batch_size,
      logEvery: logging_steps,
      evalEvery: eval_steps,
    },
  };
}

function fromEvents(bytes: Buffer): { logged: Logged[]; config: Record<string, unknown> } {
  try {
    const events = decodeEvents(bytes);
    const began = events[0]?.wallTime ?? 0;
    const logged = events.map(({ step, wallTime, values }) => ({
      step,
      values: { ...values, elapsed: wallTime - began },
    }));
    return { logged, config: {} };
  } catch (cause) {
    throw new AppError(400, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** One row a step, in order; what was logged of a step later counts. */
function asRows(logged: Logged[]): { rows: MetricRow[]; left: string[] } {
  const rows = new Map<number, MetricRow>();
  const left = new Set<string>();
  for (const { step, values } of logged)
    for (const [given, value] of Object.entries(values)) {
      const name = known(given);
      if (typeof value !== "number") continue;
      if (name === null) left.add(given);
      else rows.set(step, { ...(rows.get(step) ?? { step }), [name]: value });
    }
  return { rows: [...rows.values()].sort((a, b) => a.step - b.step), left: [...left].sort() };
}

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
