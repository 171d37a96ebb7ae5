// What the pages know of runs. JSON-plain: the value that the server renders equals the one the browser fetches.
import { z } from "zod";
import type { Alert } from "../../trainers/alerts";
import type { Check } from "../../trainers/checks";
import type { RunConfig } from "../../trainers/config";
import type { MetricName, MetricRow } from "../../trainers/metrics";
import type { DrawnLine } from "../compare/schema";
import type { RunStatus } from "../db/schema";

/** `config` is a run file whose data and output the server fills in; the schema of runs checks the result. */
export const launchInput = z.strictObject({
  name: z.string().trim().min(1, "Name the run.").max(80, "At most 80 letters."),
  data: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("sample"), id: z.string() }),
    z.strictObject({ kind: z.enum(["queue", "rewrites"]), id: z.int() }),
  ]),
  config: z.looseObject({ method: z.string() }),
});
export type LaunchInput = z.infer<typeof launchInput>;

export type { PreflightReport, SeenRow } from "../../trainers/preflight";
/** What the launch form asks before it starts anything. */
export const preflightInput = launchInput.omit({ name: true });

export const runAction = z.strictObject({ action: z.enum(["stop", "resume"]) });

/** What the launch form holds when it opens. */
export interface FormStart {
  /** Empty where no preset is meant. */
  preset: string;
  name: string;
  /** A training set as `kind:id`. */
  set: string;
  config: Record<string, unknown>;
}

export interface RunSummary {
  id: string;
  name: string;
  method: string;
  model: string;
  status: RunStatus;
  stopping: boolean;
  step: number;
  totalSteps: number | null;
  /** Of the last steps, milliseconds until the end; null while unknown. */
  remainingMs: number | null;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  note: string | null;
  error: string | null;
  /** Last value of every metric of the newest rows; of a run by itself, of all. */
  latest: Omit<MetricRow, "step">;
  /** Rules that something broke. */
  alerts: number;
}

export interface RunDetail extends RunSummary {
  config: RunConfig;
  runnerAlive: boolean;
  checkpoints: { step: number; createdAt: number }[];
  checks: Check[];
  found: (Alert & { at: number })[];
  /** Whether an adapter can be downloaded. */
  adapter: boolean;
}

/** A run's metrics as charts draw them, up to the point `seq`. */
export interface Curves {
  seq: number;
  lines: Partial<Record<MetricName, DrawnLine>>;
  /** Points that came after it was asked for, and are in the lines. */
  added: number;
}

export const curvesInput = z.object({
  from: z.coerce.number().optional(),
  to: z.coerce.number().optional(),
  columns: z.coerce.number().int().min(10).max(4000).default(400),
});

export interface Point {
  seq: number;
  step: number;
  at: number;
  values: Omit<MetricRow, "step">;
}

export interface AnswerDto {
  step: number;
  slot: number;
  prompt: string;
  answer: string;
  tokens: number;
  kl: number;
  reward: number | null;
  gold: number | null;
}

export interface TrainingSet {
  kind: "sample" | "queue" | "rewrites";
  id: string | number;
  name: string;
  rows: number;
  about: string;
}
