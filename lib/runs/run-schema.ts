// What the pages know of runs. JSON-plain: the value that the server renders equals the one the browser fetches.
import type { ChatLine } from "../../spec/chat";
import type { Check } from "../../spec/checks";

export type { DryRun, PreflightReport, SeenRow } from "../../spec/reports";

import { z } from "zod";
import type { Alert } from "../../spec/alerts";
import type { Method, RunConfig } from "../../spec/config";
import type { DistributionName, Histogram } from "../../spec/histograms";
import type { DatasetSize } from "../../spec/methods/method";
import type { MetricName, MetricRow } from "../../spec/metrics/catalogue";
import { name } from "../../spec/names";
import type { RunStatus } from "../../spec/run-status";
import type { ExternalConfig } from "../db/tables/runs";
import type { DrawnLine } from "./compare/compare-schema";
import { sweepInput } from "./sweep-values";

/** In a run file: the reward model that is trained on the same data before the run. */
export const trainFirst = "run:first";

const runName = name("Name the run.");
const config = z.looseObject({ method: z.string() });

/** `config` is a run file whose data and output the server fills in; the schema of runs checks the result. */
export const launchInput = z.strictObject({
  name: runName,
  data: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("sample"), id: z.string() }),
    z.strictObject({ kind: z.enum(["queue", "rewrites", "labelled"]), id: z.int() }),
  ]),
  config,
  /** A run on the same data that comes first; `trainFirst` in `config` stands for what it leaves behind. */
  first: z.strictObject({ name: runName, config }).optional(),
  sweep: sweepInput.optional(),
  /** What this run was cloned from, or forked from at a step. */
  parent: z.strictObject({ run: z.string(), step: z.int().nullable() }).optional(),
});
export type LaunchInput = z.infer<typeof launchInput>;

/** What the launch form asks before it starts anything. */
export const preflightInput = launchInput.pick({ data: true, config: true });

/** `resume-changed` goes on although data or weights are not those that the run's last checkpoint was trained on. */
export const runAction = z.strictObject({ action: z.enum(["stop", "stop-now", "resume", "resume-changed"]) });
export type RunAction = z.infer<typeof runAction>["action"];

/** What the launch form holds when it opens. */
export interface FormStart {
  /** Empty where no preset is meant. */
  preset: string;
  name: string;
  /** A training set as `kind:id`. */
  set: string;
  config: Record<string, unknown>;
  parent: LaunchInput["parent"];
}

export interface RunSummary {
  id: string;
  name: string;
  method: Method;
  model: string;
  status: RunStatus;
  stopping: boolean;
  /** Whether it could not be resumed because what it reads has changed. */
  inputsChanged: boolean;
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
  /** How many alerts were raised. */
  alertCount: number;
  /** Unfinished runs that it depends on. */
  waitsFor: RunName[];
  /** The file that an imported run was read from. */
  origin: string | null;
}

export interface RunName {
  id: string;
  name: string;
  status: RunStatus;
}

export interface RunDetail extends RunSummary {
  config: RunConfig | ExternalConfig;
  runnerAlive: boolean;
  checkpoints: { step: number; createdAt: number }[];
  checks: Check[];
  alerts: (Alert & { at: number })[];
  /** Whether an adapter can be downloaded. */
  adapter: boolean;
  lineage: Lineage;
  /** Fields in which its config is not its parent's: both values in words. */
  changes: { path: string; was: string; is: string }[];
}

export interface Lineage {
  data: { name: string; queue: number | null } | null;
  parent: (RunName & { step: number | null }) | null;
  /** Runs that it depends on, and runs that depend on it. */
  uses: RunName[];
  usedBy: RunName[];
  /** All runs of its sweep. */
  sweep: string[];
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

/** A distribution of what a step learnt from. */
export interface DistributionDto extends Histogram {
  step: number;
  name: DistributionName;
}

/** A run's sample completions, log and distributions. */
export interface RunSamples {
  answers: SampleDto[];
  log: { at: number; text: string }[];
  histograms: DistributionDto[];
}

export interface SampleDto {
  step: number;
  slot: number;
  prompt: string;
  answer: string;
  tokens: number;
  kl: number;
  reward: number | null;
  gold: number | null;
}

/** A training set in one word. */
export const setKey = ({ kind, id }: TrainingSet): string => `${kind}:${id}`;

export interface TrainingSet extends DatasetSize {
  kind: "sample" | "queue" | "rewrites" | "labelled";
  id: string | number;
  name: string;
  about: string;
}

export const chatInput = z.strictObject({
  messages: z
    .array(z.strictObject({ role: z.enum(["user", "assistant", "system"]), content: z.string().min(1).max(20_000) }))
    .min(1),
  /** A checkpoint; null is what the run ended with. */
  step: z.int().nullable(),
  temperature: z.number().min(0).max(2).default(0.8),
  longest: z.int().min(1).max(1024).default(160),
});
export type ChatInput = z.infer<typeof chatInput>;

/** The events of a chat's stream: first the exchange's key, then the growing answers. */
export type ChatEvent = { exchange: string } | ChatLine | { problem: string };

export const chatVote = z.strictObject({
  exchange: z.string(),
  verdict: z.enum(["left", "right", "tie", "both_bad"]),
  activeMs: z.int().min(0).max(86_400_000),
});
export interface ChatReveal {
  /** The models on the left and on the right. */
  names: [string, string];
  queue: string;
}
