// What the pages know of runs: schemas of what the server answers, so that a page reads what it was made for. JSON-plain: the value that the
// server renders equals the one the browser fetches.
import { z } from "zod";
import { type RuleName, rules } from "../../spec/alerts";
import { checkNames } from "../../spec/checks";
import type { Method, RunConfig } from "../../spec/config";
import { type DistributionName, distributions } from "../../spec/histograms";
import { labelKinds } from "../../spec/label-kinds";
import { isMethod } from "../../spec/methods/all";
import type { DatasetSize } from "../../spec/methods/method";
import { name } from "../../spec/names";
import { tracedRollout } from "../../spec/rollouts";
import { priorities, runStatuses } from "../../spec/run-status";
import type { ExternalConfig } from "../db/tables/runs";
import { type ChosenSet, chosenSet, type Mix, weighedSet } from "./chosen-sets";
import { drawnLine, forwardAxes, metricName, metricValues } from "./compare/compare-schema";
import { sweepInput } from "./sweep-values";

export type { DryRun, PreflightReport } from "../../spec/reports";

/** In a run file: the reward model that is trained on the same data before the run. */
export const trainFirst = "run:first";

export const runName = name("Name the run.");
const config = z.looseObject({ method: z.string() });
const priority = z.enum(priorities);
/** When it may start, in milliseconds since 1970; null is as soon as it is its turn. */
const notBefore = z.int({ error: "Name a time, or none." }).min(0).nullable();

/** `config` is a run file whose data and output the server fills in; the schema of runs checks the result. */
export const launchInput = z.strictObject({
  name: runName,
  /** What is trained on: one set, or several mixed by weight. */
  data: z.union([chosenSet, z.array(weighedSet).min(1).max(50)]),
  /** What is evaluated on, instead of what the config says. */
  evaluation: chosenSet.optional(),
  config,
  /** A run on the same data that comes first; `trainFirst` in `config` stands for what it leaves behind. */
  first: z.strictObject({ name: runName, config }).optional(),
  sweep: sweepInput.optional(),
  /** What this run was cloned from, or forked from at a step. */
  parent: z.strictObject({ run: z.string(), step: z.int().nullable() }).optional(),
  notBefore: notBefore.optional(),
  priority: priority.optional(),
});
export type LaunchInput = z.infer<typeof launchInput>;

export const launched = z.object({ id: z.string(), ids: z.array(z.string()) }).meta({ id: "Launched" });

/** What the launch form asks before it starts anything. */
export const preflightInput = launchInput.pick({ data: true, evaluation: true, config: true });

/** `move-…` changes the place of a queued run. `resume-changed` goes on although data or weights are not those that the run's last checkpoint was trained on. */
export const runAction = z.strictObject({
  action: z.enum(["stop", "stop-now", "resume", "resume-changed", "move-first", "move-up", "move-down"]),
});
export type RunAction = z.infer<typeof runAction>["action"];
/** Another place in the queue, counted from 1. */
export const placeInQueue = z.strictObject({ place: z.int().min(1) });
export type Move = Extract<RunAction, `move-${string}`>;

/** A word that runs are filtered by. */
export const runTag = name("A tag is a word.", 30);

/** What people change of a run that is there. */
export const runChange = z
  .strictObject({
    name: runName,
    tags: z.array(runTag).max(20, "At most 20 tags."),
    remark: z.string().max(2000, "At most 2,000 letters."),
    archived: z.boolean(),
    notBefore,
    priority,
    /** Where it goes on: another machine's name, or null for this one. */
    machine: z.string().nullable(),
  })
  .partial();
export type RunChange = z.infer<typeof runChange>;

/** Of several at once: their tags are added, none is taken away. */
export const runChanges = z.strictObject({
  ids: z.array(z.string()).min(1).max(1000),
  change: runChange.omit({ name: true, remark: true }),
});

/** How many were. */
export const changedRuns = z.object({ changed: z.number() });
export const deletedRuns = z.object({ deleted: z.number() });

/** What goes with a run that is deleted. */
export const deletion = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    bytes: z.number(),
    /** Runs that read what it left behind. */
    usedBy: z.array(z.string()),
  }),
);
export type Deletion = z.infer<typeof deletion>;

/** What the launch form holds when it opens. */
export interface FormStart {
  /** Empty where no preset is meant. */
  preset: string;
  name: string;
  /** A training set as `kind:id`. */
  set: string;
  /** Where several are mixed: the weight of the first, and the others. */
  mix?: Mix | undefined;
  /** The set that is evaluated on; empty where none is. */
  evaluation?: string | undefined;
  config: Record<string, unknown>;
  parent: LaunchInput["parent"];
  /** What the run that it comes from is called; empty where there is none. */
  parentName: string;
  /** Data of that run that the form cannot choose, as files of one's own are: "trained on rows.jsonl". */
  unlisted?: string[];
}

const method = z.custom<Method>((name) => typeof name === "string" && isMethod(name)).meta({ type: "string" });

const listedRun = z.object({ id: z.string(), name: z.string(), status: z.enum(runStatuses) });
export type RunName = z.infer<typeof listedRun>;

export const runSummary = z
  .object({
    id: z.string(),
    name: z.string(),
    method,
    model: z.string(),
    /** Where it is trained; null is here. */
    machine: z.string().nullable(),
    status: z.enum(runStatuses),
    stopping: z.boolean(),
    /** Whether it could not be resumed because what it reads has changed. */
    inputsChanged: z.boolean(),
    step: z.number(),
    totalSteps: z.number().nullable(),
    /** Of the last steps, milliseconds until the end; null while unknown. */
    remainingMs: z.number().nullable(),
    /** The name of whoever started it; null where nobody is known. */
    startedBy: z.string().nullable(),
    createdAt: z.number(),
    startedAt: z.number().nullable(),
    finishedAt: z.number().nullable(),
    note: z.string().nullable(),
    error: z.string().nullable(),
    /** Last value of every metric of the newest rows; of a run by itself, of all. */
    latest: metricValues,
    /** How many alerts were raised. */
    alertCount: z.number(),
    /** Unfinished runs that it depends on. */
    waitsFor: z.array(listedRun),
    /** The file that an imported run was read from. */
    origin: z.string().nullable(),
    tags: z.array(z.string()),
    remark: z.string(),
    archived: z.boolean(),
    priority,
    /** Whether it waits, saved, for others of its sweep to do worse. */
    held: z.boolean(),
    /** Its place among the queued runs, from 1. */
    place: z.number().nullable(),
    /** When a queued one may start. */
    notBefore: z.number().nullable(),
  })
  .meta({ id: "RunSummary" });
export type RunSummary = z.infer<typeof runSummary>;

/** A line of the table of runs. */
export const runRow = runSummary
  .omit({ latest: true, error: true, inputsChanged: true, note: true })
  .extend({
    data: z.string(),
    sweep: z.string().nullable(),
    /** The number that counts most for its method. */
    key: z.object({ metric: metricName, value: z.number() }).nullable(),
    kl: z.number().nullable(),
  })
  .meta({ id: "RunRow" });
export type RunRow = z.infer<typeof runRow>;

const lineage = z.object({
  data: z.object({ name: z.string(), queue: z.number().nullable() }).nullable(),
  parent: listedRun.extend({ step: z.number().nullable() }).nullable(),
  /** Runs that it depends on, and runs that depend on it. */
  uses: z.array(listedRun),
  usedBy: z.array(listedRun),
  /** All runs of its sweep. */
  sweep: z.array(z.string()),
});
export type Lineage = z.infer<typeof lineage>;

const alert = z.object({
  rule: z.custom<RuleName>((name) => typeof name === "string" && Object.hasOwn(rules, name)).meta({ type: "string" }),
  step: z.number(),
  measured: z.string(),
  at: z.number(),
});

export const runDetail = runSummary
  .extend({
    config: z
      .custom<RunConfig | ExternalConfig>((json) => typeof json === "object" && json !== null)
      .meta({ type: "object" }),
    runnerAlive: z.boolean(),
    diskFull: z.boolean(),
    checkpoints: z.array(z.object({ step: z.number(), createdAt: z.number() })),
    /** The step with the lowest held-out loss, whose adapter is kept beside the checkpoints. */
    best: z.object({ step: z.number(), heldOutLoss: z.number() }).nullable(),
    checks: z.array(z.object({ name: z.enum(checkNames), detail: z.string() })),
    alerts: z.array(alert),
    /** Whether an adapter can be downloaded. */
    adapter: z.boolean(),
    lineage,
    /** Of a sweep that ends early what is behind: how it stands at the rungs that it has reached; `next` is the step of the next one, null where it is judged no more. */
    halving: z
      .object({
        metric: metricName,
        factor: z.number(),
        next: z.number().nullable(),
        rungs: z.array(z.object({ step: z.number(), value: z.number(), place: z.number().nullable(), of: z.number() })),
      })
      .nullable(),
    /** Fields in which its config is not its parent's: both values in words. */
    changes: z.array(z.object({ path: z.string(), was: z.string(), is: z.string() })),
  })
  .meta({ id: "Run" });
export type RunDetail = z.infer<typeof runDetail>;

/** A run's metrics as charts draw them, up to the point `seq`. */
export const curves = z.object({
  seq: z.number(),
  lines: z.partialRecord(metricName, drawnLine),
  /** Points that came after it was asked for, and are in the lines. */
  added: z.number(),
});
export type Curves = z.infer<typeof curves>;

export const curvesInput = z.object({
  axis: z.enum(forwardAxes).default("step"),
  from: z.coerce.number().optional(),
  to: z.coerce.number().optional(),
  columns: z.coerce.number().int().min(10).max(4000).default(400),
});

/** What a step logged. */
export const point = z.object({
  seq: z.number(),
  step: z.number(),
  at: z.number(),
  values: metricValues,
});
export type Point = z.infer<typeof point>;

const sample = z.object({
  step: z.number(),
  slot: z.number(),
  prompt: z.string(),
  answer: z.string(),
  tokens: z.number(),
  kl: z.number(),
  reward: z.number().nullable(),
  gold: z.number().nullable(),
});
export type SampleDto = z.infer<typeof sample>;

/** A distribution of what a step learnt from. */
const distribution = z.object({
  step: z.number(),
  name: z
    .custom<DistributionName>((name) => typeof name === "string" && Object.hasOwn(distributions, name))
    .meta({ type: "string" }),
  low: z.number(),
  high: z.number(),
  counts: z.array(z.number()),
});
export type DistributionDto = z.infer<typeof distribution>;

/** A line of a run's log: what the run reported, what is wrong with it, or what its process printed. */
export const logLevels = { info: "Milestones", warn: "Alerts", output: "Process output" } as const;
export const runLog = z.array(
  z.object({
    at: z.number().nullable(),
    level: z.enum(["info", "warn", "output"]),
    text: z.string(),
  }),
);
export type RunLog = z.infer<typeof runLog>;

/** A run's sample completions and distributions. */
export const runSamples = z.object({
  answers: z.array(sample),
  histograms: z.array(distribution),
});
export type RunSamples = z.infer<typeof runSamples>;

/** What a run learned from, token by token: steps that there are, and the rollouts of one. */
export const runRollouts = z.object({
  steps: z.array(z.number()),
  shown: z.object({ step: z.number(), rollouts: z.array(tracedRollout) }).nullable(),
});
export type RunRollouts = z.infer<typeof runRollouts>;

/** A training set in one word. */
export const setKey = ({ kind, id }: TrainingSet): string => `${kind}:${id}`;

/** The way back, as requests name it. */
export function chosenBy(key: string): ChosenSet {
  const [kind, id] = key.split(":") as [TrainingSet["kind"], string];
  return kind === "sample" ? { kind, id } : { kind, id: Number(id) };
}

export const trainingSet = z
  .object({
    kind: z.enum(["sample", "queue", "rewrites", "labelled"]),
    id: z.union([z.string(), z.number()]),
    name: z.string(),
    about: z.string(),
    holds: z.enum(labelKinds),
    rows: z.number(),
    pairs: z.number(),
    imitated: z.number(),
    equal: z.number().optional(),
    /** Of a dataset that is annotated: what its answers are rated on, each with the pairs that are rated differently. */
    criteria: z.array(z.object({ name: z.string(), pairs: z.number() })).optional(),
  })
  .meta({ id: "TrainingSet" }) satisfies z.ZodType<DatasetSize>;
export type TrainingSet = z.infer<typeof trainingSet>;
