// What is usual for a method. Outside of it a run may start; the form says what others do.

import type { RunConfig } from "@/spec/config";
import type { Problem } from "@/spec/errors";
import { flat } from "@/spec/paths";

/** What is unusual and not the preset's own choice, for which its card gives the reason. */
export function adviceBeyond(preset: object | undefined, config: RunConfig): Problem[] {
  const [chosen, is] = [flat(preset ?? {}), flat(config)];
  return adviceOn(config).filter(({ path }) => chosen[path] === undefined || chosen[path] !== is[path]);
}

/** Lowest and highest that papers and their code use, by path (field notes, §3.2): they change with the method and with other fields. */
export function usualOf(config: RunConfig): Record<string, [number, number]> {
  const usual: Record<string, [number, number]> = {
    "optimizer.learningRate": config.adapter ? [1e-6, 1e-3] : [1e-7, 1e-4],
  };
  if (config.method === "dpo" && config.dpo.loss !== "ipo") usual["dpo.beta"] = [0.01, 0.6];
  if (config.method === "simpo") {
    usual["simpo.beta"] = [2, 10];
    usual["simpo.gamma"] = [0.1 * config.simpo.beta, 0.8 * config.simpo.beta];
  }
  return usual;
}

function adviceOn(config: RunConfig): Problem[] {
  const is = flat(config);
  const found = Object.entries(usualOf(config)).flatMap(([path, [low, high]]): Problem[] => {
    const value = Number(is[path]);
    return value >= low && value <= high ? [] : [{ path, message: `usually ${rangeWords([low, high])}, not ${value}` }];
  });
  const advise = (path: string, message: string) => found.push({ path, message });
  if (config.method === "dpo" && config.dpo.loss === "ipo")
    advise("dpo.beta", `IPO pulls every margin to 1/(2β), here ${(1 / (2 * config.dpo.beta)).toPrecision(3)} nats`);
  if (config.method === "kto" && config.batchSize * config.gradientAccumulation < 4)
    advise("batchSize", "KTO reads its reference point off the batch; under 4 rows it is mostly noise");
  if (config.method === "ppo" && config.ppo.rollouts % config.ppo.miniBatches !== 0)
    advise(
      "ppo.miniBatches",
      `${config.ppo.rollouts} rollouts do not divide into ${config.ppo.miniBatches} equal mini-batches`,
    );
  return found;
}

export const rangeWords = (range: [number, number]): string =>
  range.map((edge) => (edge < 0.01 ? edge.toExponential() : String(Number(edge.toPrecision(3))))).join(" to ");
