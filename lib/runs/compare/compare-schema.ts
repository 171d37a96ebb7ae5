// What the compare page asks for and gets.
import { z } from "zod";
import { type MetricName, metrics } from "../../../spec/metrics/catalogue";
import { currentMetricName } from "../../../spec/metrics/former-names";
import type { RunStatus } from "../../../spec/run-status";
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

/** 0 is none. */
export const smoothings: number[] = [0, ...smoothingWeights];

/** Ids with commas between. */
export const runIds = z.string().transform((ids) => ids.split(",").filter(Boolean));

export const linesInput = z.object({
  metric: z
    .string()
    .transform(currentMetricName)
    .pipe(z.custom<MetricName>((name) => Object.hasOwn(metrics, name as string), "no such metric")),
  axis: z.enum(["step", "samples", "tokens", "time"]),
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

/** A line to draw: of one run, or the mean of a group's. */
export interface DrawnLine {
  x: number[];
  y: number[];
  /** Of the whole history, before anything was left out; null without smoothing. */
  smooth: number[] | null;
  /** 95 % interval; null where there is none. */
  low: number[] | null;
  high: number[] | null;
  /** Smallest and largest of a group; null for a single run. */
  min: number[] | null;
  max: number[] | null;
}

/** Where a run's policy stood at a step: what the on-policy evaluator measured there. */
export interface EvalPoint {
  step: number;
  values: Partial<Record<MetricName, number>>;
}

export interface ComparedRun {
  id: string;
  name: string;
  method: string;
  model: string;
  status: RunStatus;
  /** Counts runs from the oldest, so that a run has the same colour on every page and for good. */
  number: number;
  /** The config by dotted path, without where it writes. */
  config: Record<string, string>;
  /** Last value of every metric. */
  latest: Partial<Record<MetricName, number>>;
  evalPoints: EvalPoint[];
}
