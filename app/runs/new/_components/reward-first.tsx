"use client";

import { useState } from "react";
import { type RewardFirstSettings, rewardFirstSettings, usualRewardFirst } from "@/lib/runs/reward-first";

const fields = [
  { name: "maxSteps", label: "Max steps", help: "Optimizer steps" },
  { name: "batchSize", label: "Batch size", help: "Pairs per step" },
  { name: "learningRate", label: "Learning rate", help: "Peak, after warm-up" },
] as const;

type Typed = Record<keyof RewardFirstSettings, string>;

/** What was typed for the reward model that is trained first, over what is usual for the policy's base model. */
export function useRewardFirst(model: unknown) {
  const [changed, setChanged] = useState<Partial<Typed>>({});
  const usual = usualRewardFirst(model);
  const typed = Object.fromEntries(fields.map(({ name }) => [name, changed[name] ?? String(usual[name])])) as Typed;
  const parsed = rewardFirstSettings.safeParse(
    Object.fromEntries(fields.map(({ name }) => [name, typed[name].trim() === "" ? Number.NaN : Number(typed[name])])),
  );
  return {
    typed,
    set: (name: keyof Typed, value: string) => setChanged({ ...changed, [name]: value }),
    /** Null while something typed is no number that a run can take. */
    settings: parsed.success ? parsed.data : null,
    wrong: new Set(parsed.error?.issues.map(({ path }) => String(path[0]))),
  };
}

/** Settings of the reward model that this launch trains before its policy, and what they come to. */
export function RewardFirst({
  name,
  rows,
  first: { typed, set, settings, wrong },
}: {
  name: string;
  /** Pairs of the chosen set. */
  rows: number;
  first: ReturnType<typeof useRewardFirst>;
}) {
  const epochs = settings && rows > 0 ? (settings.maxSteps * settings.batchSize) / rows : null;
  return (
    <fieldset className="grid gap-3 rounded-md border p-3">
      <legend className="px-1 font-medium">Reward model, trained first</legend>
      <p className="numbers text-soft">
        <span className="text-ink">{name}</span> is trained on the same data; this run starts when it has finished.
        {epochs !== null && ` ${epochs.toFixed(2)} epochs over ${rows.toLocaleString("en")} pairs.`}
      </p>
      <div className="grid grid-cols-3 gap-2">
        {fields.map(({ name: field, label, help }) => (
          <label key={field} className="grid content-start gap-1 text-xs">
            <span className="font-medium">{label}</span>
            <input
              aria-invalid={wrong.has(field)}
              aria-label={`Reward model: ${label}`}
              inputMode="decimal"
              className="numbers w-full rounded-md border bg-canvas px-2 py-1.5 aria-invalid:border-bad"
              value={typed[field]}
              onChange={(event) => set(field, event.target.value)}
            />
            <span className={wrong.has(field) ? "text-bad" : "text-soft"}>
              {wrong.has(field)
                ? `${label} must be a positive ${field === "learningRate" ? "number, at most 10" : "whole number"}`
                : help}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
