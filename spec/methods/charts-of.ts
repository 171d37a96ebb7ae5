// The charts that a run will fill, known from its config: its page has a place for each before the first value.
import type { ChartName } from "../metrics/charts";
import { methodOf, type RunConfig } from "./all";
import { ptxOf } from "./sampling-of";

const ofEveryStep: ChartName[] = ["loss", "gradientNorm", "learningRate", "speed", "memory"];

/** `synthetic`: whether answers to its prompts have an exact score. */
export function chartsOf(config: RunConfig, synthetic: boolean): Set<ChartName> {
  const method = methodOf(config);
  const samples = config.sampleEvery !== null && method.produces === "policy";
  const scored = method.scoredBy(config);
  const byTurns: ChartName[] = scored?.environment ? ["rolloutTurns"] : [];
  const bySteps: ChartName[] = scored?.supervision === "process" ? ["rolloutSteps"] : [];
  const ofTexts: ChartName[] = ptxOf(config) ? ["ptxLoss"] : [];
  const ownSampling = config.engine === "workbench" && method.samples(config) && !method.bringsRows(config);
  const inPages: ChartName[] = ownSampling ? ["kvCache"] : [];
  return new Set([
    ...ofEveryStep,
    ...inPages,
    ...method.charts,
    ...byTurns,
    ...bySteps,
    ...ofTexts,
    ...(samples ? ofSamples(config, synthetic) : []),
  ]);
}

/** What the on-policy evaluator measures of answers to the evaluation prompts. */
function ofSamples(config: RunConfig, synthetic: boolean): ChartName[] {
  const scored = methodOf(config).scoredBy(config) !== null;
  const hasReference = config.adapter !== null;
  return [
    ...(hasReference ? (["kl", "klPerToken"] as const) : []),
    ...(synthetic ? (["gold"] as const) : []),
    ...(scored ? (["reward"] as const) : []),
    ...((synthetic || scored) && hasReference ? (["winRate"] as const) : []),
    ...(["length", "ended", "diversity", "generationEntropy", "perplexity"] as const),
  ];
}
