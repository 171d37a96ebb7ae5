// What is usual for a method. Outside of it a run may start; the form says what others do.

import type { RunConfig } from "@/spec/config";
import type { Problem } from "@/spec/errors";
import { methodOf } from "@/spec/methods/all";
import { flat } from "@/spec/paths";

/** What is unusual and not the preset's own choice, for which its card gives the reason. */
export function adviceBeyond(preset: object | undefined, config: RunConfig): Problem[] {
  const [chosen, is] = [flat(preset ?? {}), flat(config)];
  return adviceOn(config).filter(({ path }) => chosen[path] === undefined || chosen[path] !== is[path]);
}

/** Lowest and highest that papers and their code use, by path: they change with the method and with other fields. */
export function usualOf(config: RunConfig): Record<string, [number, number]> {
  return {
    "optimizer.learningRate": config.adapter ? [1e-6, 1e-3] : [1e-7, 1e-4],
    ...methodOf(config).usual(config),
  };
}

function adviceOn(config: RunConfig): Problem[] {
  const is = flat(config);
  const found = Object.entries(usualOf(config)).flatMap(([path, [low, high]]): Problem[] => {
    const value = Number(is[path]);
    return value >= low && value <= high ? [] : [{ path, message: `usually ${rangeWords([low, high])}, not ${value}` }];
  });
  return [...found, ...methodOf(config).advice(config)];
}

export const rangeWords = (range: [number, number]): string =>
  range.map((edge) => (edge < 0.01 ? edge.toExponential() : String(Number(edge.toPrecision(3))))).join(" to ");
