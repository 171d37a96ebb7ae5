import { keyMetric } from "@/lib/runs/key-metric";
import type { Curves, RunDetail } from "@/lib/runs/run-schema";
import { methodOf } from "@/spec/methods/all";
import { type MetricName, metrics } from "@/spec/metrics/catalogue";
import { number } from "../../../ui/format";

type Judged = Pick<RunDetail, "latest" | "best" | "config" | "status" | "checkpoints">;

/** How a run stands, in a sentence: what it learnt, how far it moved, and which step to take. Empty until something is measured. */
export function verdictOf(run: Judged, lines: Curves["lines"]): string {
  const key = keyMetric(run.config.method, run.latest);
  if (!key) return run.status === "queued" ? "Nothing measured yet: this run is queued." : "Nothing measured yet.";
  const parts = [
    `${metrics[key.metric].label} ${withError(run, key.metric)}`,
    ...(run.latest["on_policy/kl"] == null ? [] : [`KL ${withError(run, "on_policy/kl")} nats/seq`]),
  ];
  const best = bestStep(run, lines);
  return `${parts.join(", ")}${best ? `; best checkpoint ${best.step} by ${best.by}` : ""}.`;
}

function withError({ latest }: Judged, name: MetricName): string {
  const error = latest[`${name}_se` as MetricName];
  return `${number(latest[name], 2)}${error == null ? "" : ` ± ${number(1.96 * error, 2)}`}`;
}

/** The saved step whose answers scored highest; where answers have no score, that of the lowest held-out loss. */
export function bestStep(
  run: Pick<Judged, "best" | "checkpoints" | "config">,
  lines: Curves["lines"],
): { step: number; by: string } | null {
  const saved = new Set(run.checkpoints.map(({ step }) => step));
  for (const name of ["on_policy/gold", "on_policy/reward"] as const) {
    const line = lines[name];
    if (!line || methodOf(run.config).produces !== "policy") continue;
    const steps = line.x.flatMap((step, i) => (saved.has(step) ? [{ step, value: line.y[i]! }] : []));
    if (steps.length > 0)
      return { step: steps.reduce((a, b) => (b.value > a.value ? b : a)).step, by: metrics[name].label.toLowerCase() };
  }
  return run.best && { step: run.best.step, by: "held-out loss" };
}

/** Why there are no sample completions, or when the first come. */
export function samplingWords({
  config,
  step,
  status,
  origin,
}: Pick<RunDetail, "config" | "step" | "status" | "origin">): string {
  if (origin !== null) return "No completions came with its metrics.";
  if (methodOf(config).produces === "reward-model") return "A reward model scores answers; it writes none.";
  const every = "sampleEvery" in config ? config.sampleEvery : null;
  if (every == null) return 'This run samples no completions: its "Sampling interval" is not set.';
  const going = status === "queued" || status === "running";
  return going
    ? `The first completions come ${step === 0 ? "before the first step" : `with step ${Math.ceil((step + 1) / every) * every}`}, then every ${every} steps.`
    : "It ended before its first sample completions.";
}
