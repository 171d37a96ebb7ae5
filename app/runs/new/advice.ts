// What is usual for a method. Outside of it a run may start; the form says what others do.
import type { Problem } from "@/lib/errors";
import { flat } from "@/lib/runs/flat";
import type { RunConfig } from "@/trainers/config";

/** What is unusual and not the preset's own choice, for which its card gives the reason. */
export function adviceBeyond(preset: object | undefined, config: RunConfig): Problem[] {
  const [chosen, is] = [flat(preset ?? {}), flat(config)];
  return adviceOn(config).filter(({ path }) => chosen[path] === undefined || chosen[path] !== is[path]);
}

/** Ranges that papers and their code use (field notes, §3.2). */
function adviceOn(config: RunConfig): Problem[] {
  const found: Problem[] = [];
  const advise = (path: string, message: string) => found.push({ path, message });
  const { learningRate } = config.optimizer;
  if (config.adapter && (learningRate < 1e-6 || learningRate > 1e-2))
    advise("optimizer.learningRate", `${learningRate} is far from what adapters are trained with, 1e-5 to 1e-3`);
  if (config.method === "dpo") {
    const { beta, loss } = config.dpo;
    if (loss === "ipo")
      advise("dpo.beta", `IPO pulls every margin to 1/(2β), here ${(1 / (2 * beta)).toPrecision(3)} nats`);
    else if (beta < 0.01 || beta > 0.6) advise("dpo.beta", `DPO's β is usually 0.01 to 0.6, not ${beta}`);
  }
  if (config.method === "simpo") {
    const { beta, gamma } = config.simpo;
    if (beta < 2 || beta > 10) advise("simpo.beta", `SimPO's β is usually 2 to 10, not ${beta}`);
    if (gamma / beta < 0.1 || gamma / beta > 0.8)
      advise("simpo.gamma", `γ/β is ${(gamma / beta).toPrecision(2)}; SimPO's authors keep it at 0.1 to 0.8`);
  }
  if (config.method === "kto" && config.batchSize * config.gradientAccumulation < 4)
    advise("batchSize", "KTO reads its reference point off the batch; under 4 rows it is mostly noise");
  if (config.method === "ppo" && config.ppo.rollouts % config.ppo.miniBatches !== 0)
    advise(
      "ppo.miniBatches",
      `${config.ppo.rollouts} rollouts do not divide into ${config.ppo.miniBatches} equal mini-batches`,
    );
  return found;
}
