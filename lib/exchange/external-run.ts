// Reads runs of other programs, to compare them with runs made here: a trainer_state.json of Transformers or TRL, or an event file of
// TensorBoard. Metrics that we know keep their names; others are named and left out.
import { z } from "zod";
import { turns } from "../../common/turns";
import type { Method } from "../../spec/config";
import { AppError } from "../../spec/errors";
import { methodOf } from "../../spec/methods/all";
import { type MetricName, type MetricRow, metrics } from "../../spec/metrics/catalogue";
import { renamed } from "../../spec/metrics/trl-names";
import type { ExternalConfig } from "../db/tables/runs";
import { parseJson } from "../http/bodies";
import { candidates } from "./recognise-method";
import { eachEvent } from "./tensorboard";

type Asked = Omit<ExternalConfig, "method" | "model" | "data">;

export interface Elsewhere {
  method: Method;
  /** What is known of how it was asked for. */
  config: Asked;
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

/**
 * `chosen` is the method that whoever brings the file in says it is of; null where its metrics are to tell. Lets others have their turn
 * while it reads: such a file may hold a hundred thousand steps.
 */
export async function readElsewhere(file: string, bytes: Buffer, chosen: Method | null = null): Promise<Elsewhere> {
  const read = file.endsWith(".json") ? fromTrainerState(bytes) : fromEvents(bytes);
  const { rows, left, names } = await asRows(read.logged);
  if (rows.length === 0)
    throw new AppError(400, `${file} has no known metric${left.length > 0 ? `, only ${left.join(", ")}` : ""}.`);
  return { method: chosen ?? recognised(file, names), config: read.config, rows, left };
}

function recognised(file: string, names: Set<string>): Method {
  const possible = candidates(names);
  if (possible.length === 1) return possible[0]!;
  throw new AppError(
    422,
    `${file} could be a run of ${possible.map((one) => methodOf({ method: one }).label).join(", ")}, which log the same metrics: choose its method.`,
    { problems: possible.map((one) => ({ path: "method", message: one })) },
  );
}

interface Logged {
  step: number;
  values: Record<string, unknown>;
}

interface Read {
  logged: Iterable<Logged>;
  config: Asked;
}

function fromTrainerState(bytes: Buffer): Read {
  const parsed = trainerState.safeParse(parseJson(bytes.toString("utf8")));
  if (!parsed.success) throw new AppError(400, "This is not a trainer_state.json: it has no log_history with steps.");
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

/** One row a step, in order; what was logged of a step later counts. `names` are those of all metrics, without what says where they are from. */
async function asRows(logged: Iterable<Logged>): Promise<{ rows: MetricRow[]; left: string[]; names: Set<string> }> {
  const byStep = new Map<number, Map<string, number>>();
  const names = new Map<string, string>(); // to the name as it was given
  const turn = turns();
  for (const { step, values } of logged) {
    await turn();
    for (const [given, value] of Object.entries(values)) {
      const name = plain(given);
      if (typeof value !== "number" || (names.size >= mostNames && !names.has(name))) continue;
      names.set(name, given);
      byStep.set(step, (byStep.get(step) ?? new Map()).set(name, value));
    }
  }
  const all = new Set(names.keys());
  const rows: MetricRow[] = [];
  for (const [step, values] of byStep) {
    await turn();
    const known = [...values].flatMap(([name, value]) => ownName(name, all).map((own) => [own, value]));
    if (known.length > 0) rows.push({ step, ...Object.fromEntries(known) });
  }
  const left = [...names].filter(([name]) => ownName(name, all).length === 0).map(([, given]) => given);
  return { rows: rows.sort((a, b) => a.step - b.step), left: left.sort(), names: all };
}

/** Different metrics of a file: more help nobody. */
const mostNames = 500;

/** Transformers writes `train/…` and `eval/…` to TensorBoard, `eval_…` to its state. */
const plain = (given: string): string => given.replace(/^train\//, "").replace(/^eval\//, "eval_");

/** What we call a metric, if we know it. Its `epoch` is not ours, which counts within an update. */
function ownName(name: string, all: Set<string>): MetricName[] {
  const own = renamed(all, name);
  return name !== "epoch" && Object.hasOwn(metrics, own) ? [own as MetricName] : [];
}
