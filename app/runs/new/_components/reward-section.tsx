"use client";

import { type ReactNode, useState } from "react";
import { Card } from "../../../ui/cards";
import type { Option } from "./field-input";
import type { Field } from "./fields";
import type { Values } from "./form-values";
import { hasEnvironment, type Kind, kindOf, kinds, rewardGiven, sumInWords } from "./reward-kinds";

interface Props {
  /** Those of the reward, or of the judge of pairs. */
  fields: Field[];
  /** By path. */
  values: Values;
  set: (path: string, value: unknown) => void;
  input: (field: Field) => ReactNode;
  /** Reward models to choose from, one that is trained first among them. */
  models: Option[];
  problemAt: (path: string) => string | undefined;
  /** Settings of the reward model that is trained first. */
  children: ReactNode;
}

/** What scores the sampled answers: one kind with its own fields, or a sum of several, written out. */
export function RewardSection({ fields, values, set, input, models, problemAt, children }: Props) {
  const [picked, pick] = useState<Kind | "sum" | null>(null);
  const given = rewardGiven(fields, values);
  const own = given.length > 1 ? "sum" : given[0];
  const shown = picked === "sum" || own === undefined ? (picked ?? "model") : own;
  const offered = kinds.filter(({ kind }) => fields.some((field) => kindOf(field) === kind));

  const choose = (next: Kind | "sum") => {
    pick(next);
    if (next === "sum") return;
    for (const field of fields)
      if (kindOf(field) !== next && isFilled(values[field.path])) set(field.path, emptied(field));
    const gold = fields.find(({ path }) => path.endsWith(".gold"));
    if (next === "gold" && gold) set(gold.path, gold.choices[0]);
  };

  const isWeight = ({ path }: Field) => /(Weight|\.weight)$/.test(path);
  const several = Array.isArray(modelsIn(fields, values)) && (modelsIn(fields, values) as unknown[]).length > 1;
  const visible = fields.filter((field) => {
    if (shown !== "sum" && kindOf(field) !== shown) return false;
    if (/\.(ensemble|lambda)$/.test(field.path)) return several;
    return shown === "sum" || shown === "rules" || !isWeight(field);
  });
  return (
    <Card title="Reward">
      <fieldset className="flex flex-wrap gap-x-5 gap-y-1">
        <legend className="sr-only">What scores the answers</legend>
        {[...offered, { kind: "sum" as const, label: "A sum of several" }].map(({ kind, label }) => (
          <label key={kind} className="flex items-center gap-1.5">
            <input
              type="radio"
              name="reward-kind"
              checked={shown === kind}
              onChange={() => choose(kind)}
              className="accent-(--accent)"
            />
            {label}
          </label>
        ))}
      </fieldset>
      <p className="numbers mt-2 font-medium" aria-live="polite">
        {given.length === 0 && !hasEnvironment(values)
          ? "Nothing scores yet"
          : `Reward = ${sumInWords(fields, values)}`}
      </p>
      {given.includes("model") && given.includes("gold") && (
        <p role="status" className="mt-1 text-warn text-xs">
          The learned reward and the oracle are both on: the policy is trained on their sum. To see how far a learned
          reward leads away from the true one, train on the reward model alone; the oracle is measured either way.
        </p>
      )}
      <div className="mt-3 grid gap-4 sm:grid-cols-2">
        {visible.map((field) =>
          field.path.endsWith(".model") ? (
            <RewardModels
              key={field.path}
              field={field}
              options={models}
              value={values[field.path]}
              onChange={(chosen) => set(field.path, chosen)}
              problem={problemAt(field.path)}
            />
          ) : (
            input(field)
          ),
        )}
      </div>
      {children}
    </Card>
  );
}

const modelsIn = (fields: Field[], values: Values) =>
  values[fields.find(({ path }) => path.endsWith(".model"))?.path ?? ""];

const isFilled = (value: unknown) => value !== undefined && value !== "" && value !== null;

const emptied = ({ kind, path, initial }: Field): unknown =>
  kind === "list" ? [] : /\.(ensemble|lambda|modelWeight|goldWeight|remoteWeight)$/.test(path) ? initial : "";

interface RewardModelsProps {
  field: Field;
  options: Option[];
  value: unknown;
  onChange: (chosen: string[]) => void;
  problem: string | undefined;
}

/** Several make an ensemble. */
function RewardModels({ field: { path, label, help }, options, value, onChange, problem }: RewardModelsProps) {
  const chosen: unknown[] = Array.isArray(value) ? value : isFilled(value) ? [value] : [];
  const named = options.map(({ value }) => value);
  const toggle = (name: string) => {
    const kept = chosen.filter((one): one is string => typeof one === "string");
    onChange(kept.includes(name) ? kept.filter((one) => one !== name) : [...kept, name]);
  };
  const others = chosen.flatMap((one) =>
    typeof one === "string" && !named.includes(one) ? [{ value: one, label: one }] : [],
  );
  return (
    <fieldset id={`field-${path}`} className="min-w-0 sm:col-span-2" aria-describedby={`field-${path}-help`}>
      <legend className="mb-1 font-medium">{label}</legend>
      <div className="grid gap-1">
        {[...options, ...others].map((option) => (
          <label key={option.value} className="flex min-w-0 items-center gap-2">
            <input
              type="checkbox"
              checked={chosen.includes(option.value)}
              onChange={() => toggle(option.value)}
              className="accent-(--accent)"
            />
            <span className="min-w-0 break-words">{option.label}</span>
          </label>
        ))}
      </div>
      <p id={`field-${path}-help`} className={`mt-1 text-xs ${problem ? "text-bad" : "text-soft"}`}>
        {problem ?? help}
      </p>
    </fieldset>
  );
}
