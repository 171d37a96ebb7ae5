import type { ReactNode } from "react";
import type { RunConfig } from "@/spec/config";
import type { Problem } from "@/spec/errors";
import { FieldProblems } from "./field-problems";

interface RecipeProps {
  config: Record<string, unknown>;
  /** With its defaults filled in; null while something is wrong. */
  resolved: RunConfig | null;
  name: string;
  /** What the method learns from, in the chosen set. */
  learned: { count: number; words: string };
  problems: Problem[];
  /** What is unusual, and may start. */
  advice: Problem[];
  children: ReactNode;
}

/** What is about to happen: steps, every problem with a link to its field, what is unusual, and the button. */
export function Recipe({ config, resolved, name, learned, problems, advice, children }: RecipeProps) {
  const { count: rows, words } = learned;
  const number = (key: string, fallback: number) =>
    typeof config[key] === "number" ? (config[key] as number) : fallback;
  const perStep = number("batchSize", 4) * number("gradientAccumulation", 1);
  const steps = number("maxSteps", Math.ceil((number("epochs", 1) * rows) / perStep));
  const online = resolved && samplingWords(resolved, rows);
  return (
    <aside className="grid gap-3 rounded-md border bg-surface p-4 lg:sticky lg:top-4" aria-label="Recipe">
      <h2 className="text-sm">Recipe</h2>
      <p className="numbers">
        <span className="font-medium">{name || "Unnamed"}</span>:{" "}
        {online ??
          `${steps.toLocaleString("en")} steps of ${perStep} ${perStep === 1 ? "row" : "rows"}, ${
            rows > 0
              ? `${((steps * perStep) / rows).toFixed(2)} epochs over ${rows.toLocaleString("en")} ${words}`
              : `no ${words} chosen`
          }`}
        .
      </p>
      {rows === 0 && <p className="text-warn">This set has no decided pairs yet; rank some first.</p>}
      {problems.length > 0 && <FieldProblems label="Problems" tone="text-bad" problems={problems} />}
      {advice.length > 0 && <FieldProblems label="Worth a look" tone="text-warn" problems={advice} />}
      {children}
    </aside>
  );
}

/** Methods that sample count in updates or rounds: answers sampled, then some optimiser steps on them. Null for the others. */
function samplingWords(run: RunConfig, rows: number): string | null {
  const updates = (asked: number, perUpdate: number) =>
    (run.maxSteps === null
      ? Math.ceil((run.epochs * rows) / asked)
      : Math.ceil(run.maxSteps / perUpdate)
    ).toLocaleString("en");
  const steps = (count: number) => (count === 1 ? "an optimiser step each" : `${count} optimiser steps each`);
  switch (run.method) {
    case "iterative-dpo": {
      const { rounds, promptsPerRound, samples } = run.iterativeDpo;
      return `${rounds} rounds of ${promptsPerRound} prompts, the best and the worst of ${samples} answers to each`;
    }
    case "ppo": {
      const { rollouts, epochs, miniBatches } = run.ppo;
      const perUpdate = epochs * miniBatches;
      return `${updates(rollouts, perUpdate)} updates of ${rollouts} sampled answers, ${steps(perUpdate)}`;
    }
    case "rloo":
    case "grpo": {
      const { prompts, samples, epochs, miniBatches } = run.method === "rloo" ? run.rloo : run.grpo;
      const perUpdate = epochs * miniBatches;
      return `${updates(prompts, perUpdate)} updates of ${samples} answers to each of ${prompts} prompts, ${steps(perUpdate)}`;
    }
    default:
      return null;
  }
}
