import type { ReactNode } from "react";

interface RecipeProps {
  config: Record<string, unknown>;
  name: string;
  rows: number;
  problems: { path: string; message: string }[];
  children: ReactNode;
}

/** What is about to happen: steps, every problem with a link to its field, the same run as a file, and the button. */
export function Recipe({ config, name, rows, problems, children }: RecipeProps) {
  const number = (key: string, fallback: number) =>
    typeof config[key] === "number" ? (config[key] as number) : fallback;
  const perStep = number("batchSize", 4) * number("gradientAccumulation", 1);
  const steps = number("maxSteps", Math.ceil((number("epochs", 1) * rows) / perStep));
  const online = samplingWords(config, rows);
  return (
    <aside className="grid gap-3 rounded-md border bg-surface p-4 lg:sticky lg:top-4" aria-label="Recipe">
      <h2 className="text-sm">Recipe</h2>
      <p className="numbers">
        <span className="font-medium">{name || "Unnamed"}</span>:{" "}
        {online ??
          `${steps.toLocaleString("en")} steps of ${perStep} ${perStep === 1 ? "row" : "rows"}, ${
            rows > 0
              ? `${((steps * perStep) / rows).toFixed(2)} epochs over ${rows.toLocaleString("en")} pairs`
              : "no pairs chosen"
          }`}
        .
      </p>
      {rows === 0 && <p className="text-warn">This set has no decided pairs yet; rank some first.</p>}
      {problems.length > 0 && (
        <ul className="grid gap-1 text-bad" aria-label="Problems">
          {problems.map(({ path, message }) => (
            <li key={`${path}${message}`}>
              <a href={`#field-${path}`} className="underline">
                {path}
              </a>
              : {message}
            </li>
          ))}
        </ul>
      )}
      {children}
      <details>
        <summary className="text-soft">As a run file</summary>
        <pre className="mt-2 max-h-80 overflow-auto rounded-md bg-raised p-3 font-mono text-xs" tabIndex={0}>
          {JSON.stringify(config, null, 2)}
        </pre>
      </details>
    </aside>
  );
}

/** Methods that sample count in updates or rounds: answers sampled, then some optimiser steps on them. Null for the others. */
function samplingWords(
  { method, ppo, iterativeDpo, maxSteps, epochs }: Record<string, unknown>,
  rows: number,
): string | null {
  if (method === "iterative-dpo") {
    const { rounds = 3, promptsPerRound = 64, samples = 8 } = (iterativeDpo ?? {}) as Record<string, number>;
    return `${rounds} rounds of ${promptsPerRound} prompts, the best and the worst of ${samples} answers to each`;
  }
  if (method !== "ppo") return null;
  const { rollouts = 16, epochs: passes = 4, miniBatches = 1 } = (ppo ?? {}) as Record<string, number>;
  const perUpdate = passes! * miniBatches!;
  const updates =
    typeof maxSteps === "number"
      ? Math.ceil(maxSteps / perUpdate)
      : Math.ceil(((typeof epochs === "number" ? epochs : 1) * rows) / rollouts!);
  return `${updates.toLocaleString("en")} updates of ${rollouts} sampled answers, ${perUpdate} optimiser steps each`;
}
