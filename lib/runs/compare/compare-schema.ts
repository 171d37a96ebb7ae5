// What the compare page asks for and gets.
import { z } from "zod";
import { type MetricName, metrics } from "../../../spec/metrics/catalogue";
import { currentMetricName } from "../../../spec/metrics/former-names";
import { runStatuses } from "../../../spec/run-status";
import { smoothingWeights } from "../../history/smoothing";

/** What a chart's horizontal axis can be. Along KL lines go where the policy went, back and forth. */
export const axes = {
  step: { label: "step", unit: "" },
  samples: { label: "samples trained on", unit: "rows" },
  tokens: { label: "tokens trained on", unit: "tokens" },
  time: { label: "time in steps", unit: "s" },
  kl: { label: "KL to reference", unit: "nats/seq" },
  rootKl: { label: "√KL to reference", unit: "√nats" },
} as const;
export type Axis = keyof typeof axes;

/** Axes along which each run goes one way. */
export const forwardAxes = ["step", "samples", "tokens", "time"] as const satisfies Axis[];
export type ForwardAxis = (typeof forwardAxes)[number];

/** 0 is none. */
export const smoothings: number[] = [0, ...smoothingWeights];

/** Ids with commas between. */
export const runIds = z.string().transform((ids) => ids.split(",").filter(Boolean));

export const linesInput = z.object({
  metric: z
    .string()
    .transform(currentMetricName)
    .pipe(z.custom<MetricName>((name) => Object.hasOwn(metrics, name as string), "no such metric")),
  axis: z.enum(forwardAxes),
  /** One line each: ids of a group with dots between, groups with commas. */
  groups: z.string().transform((text) => text.split(",").map((ids) => ids.split("."))),
  /** Weight of the past in the smoothed line, 0 for none. */
  smooth: z.coerce
    .number()
    .refine((weight) => smoothings.includes(weight), `one of ${smoothings.join(", ")}`)
    .default(0),
  from: z.coerce.number().optional(),
  to: z.coerce.number().optional(),
  /** Pixels to fill. */
  columns: z.coerce.number().int().min(10).max(4000).default(400),
});
export type LinesInput = z.infer<typeof linesInput>;

/** Any name: metrics of another version are passed over where charts are drawn. */
export const metricName = z.custom<MetricName>((name) => typeof name === "string").meta({ type: "string" });
/** What is no finite number comes as null: JSON has no other word for it. */
const value = z.number().nullable();
export const metricValues = z.partialRecord(metricName, value);

/** A line to draw: of one run, or the mean of a group's. */
export const drawnLine = z
  .object({
    x: z.array(z.number()),
    y: z.array(value),
    /** Of the whole history, before anything was left out; null without smoothing. */
    smooth: z.array(value).nullable(),
    /** 95 % interval; null where there is none. */
    low: z.array(value).nullable(),
    high: z.array(value).nullable(),
    /** Smallest and largest of a group; null for a single run. */
    min: z.array(value).nullable(),
    max: z.array(value).nullable(),
  })
  .meta({ id: "Line" });
export type DrawnLine = z.infer<typeof drawnLine>;
export const drawnLines = z.array(drawnLine.nullable());

export const comparedRun = z
  .object({
    id: z.string(),
    name: z.string(),
    method: z.string(),
    model: z.string(),
    status: z.enum(runStatuses),
    /** Counts runs from the oldest, so that a run has the same colour on every page and for good. */
    number: z.number(),
    /** The config by dotted path, without where it writes. */
    config: z.record(z.string(), z.string()),
    /** Last value of every metric. */
    latest: metricValues,
    /** Where the policy stood at a step: what the on-policy evaluator measured there. */
    evalPoints: z.array(z.object({ step: z.number(), values: metricValues })),
  })
  .meta({ id: "ComparedRun" });
export type ComparedRun = z.infer<typeof comparedRun>;
export type EvalPoint = ComparedRun["evalPoints"][number];

/** Two different runs. */
export const twoRuns = z.tuple([z.string(), z.string()]);
export const blindAsked = z.object({ queueId: z.number(), added: z.number() });

/** What people said of two runs' completions without knowing whose they are. */
export const blindVotes = z.object({
  queueId: z.number(),
  records: z.number(),
  /** Annotations that prefer the one run, the other, and neither. */
  first: z.number(),
  second: z.number(),
  even: z.number(),
  /** Wilson's 95 % interval of the first run's share of those that prefer one; null where none does. */
  interval: z.tuple([z.number(), z.number()]).nullable(),
  /** How often the first would be preferred if both were of the same length, with its 95 % interval; null of few annotations. */
  equalLength: z.object({ winRate: z.number(), low: z.number(), high: z.number() }).nullable(),
});
export type BlindVotes = z.infer<typeof blindVotes>;
