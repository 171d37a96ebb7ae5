// Updates of every variable: a clip of the gradients, then the optimiser's rule (optimizers/). Slots go by variable name.

import type { OptimizerConfig } from "../../spec/fields/optimizer";
import type { Gradients, Variables } from "../engine/gradients";
import { compile } from "../engine/jit/compile";
import { tf } from "../engine/tensorflow";
import { clipEach, clipGlobally } from "./optimizers/clip";
import type { Rule } from "./optimizers/rule";
import { ruleOf, rules } from "./optimizers/rules";
import { trainingPoint } from "./optimizers/schedule-free";

export interface Optimizer {
  /** Steps taken, skipped ones included. */
  step: number;
  /** Skipped steps, which the update count in the rules leaves out. */
  skipped: number;
  skip(): void;
  /** By `SLOT/NAME` what the rule keeps of a variable, as `mean/NAME` and `square/NAME` for AdamW. */
  slots: Variables;
  /**
   * One update of every variable; frees the gradients and returns their global norm before clipping. Where that is not at most `limit` the
   * step is skipped.
   */
  apply(gradients: Gradients, learningRate: number, limit?: number): number;
  /** Calls `use` while the variables hold what is evaluated and saved: of schedule-free AdamW the average of its steps. */
  atAverage<Result>(use: () => Result): Result;
  /** Goes on after `step` once variables and slots are as they were saved. */
  resume(from: Pick<Optimizer, "step" | "skipped">): void;
}

export function createOptimizer(config: OptimizerConfig, variables: Variables): Optimizer {
  const parts = [...variables].map(([name, variable]) => partOf(config, name, variable));
  const slots: Variables = new Map(
    parts.flatMap(({ name, kept }) => Object.entries(kept).map(([slot, value]) => [`${slot}/${name}`, value] as const)),
  );
  if (config.clipping === "adagc")
    for (const name of variables.keys()) slots.set(`threshold/${name}`, tf.variable(tf.scalar(0), false));
  const groups = new Map(parts.map((part) => [part.group, part]));
  const averaged = parts.flatMap(({ variable, kept: { average, fast } }) =>
    average && fast ? [{ variable, average, fast }] : [],
  );

  const update = compile(({ gradients, scalars, warm }: UpdateInput): { norm: tf.Tensor; values: Gradients } => {
    const clipped =
      config.clipping === "adagc"
        ? clipEach(config, { gradients, slots, warm })
        : { ...clipGlobally(config, gradients), slots: {} };
    const values: Gradients = { ...clipped.slots };
    for (const { name, variable, group, rule, kept } of parts) {
      const updated = rule.update({
        ...{ config, variable, gradient: clipped.gradients[name]! },
        ...{ slots: kept, scalars: scalars[group]! },
      });
      values[name] = updated.variable;
      for (const [slot, value] of Object.entries(updated.slots)) values[`${slot}/${name}`] = value;
    }
    return { norm: clipped.norm, values };
  });

  const optimizer: Optimizer = {
    step: 0,
    skipped: 0,
    slots,
    skip() {
      optimizer.step++;
      optimizer.skipped++;
    },
    apply(gradients, learningRate, limit) {
      const t = ++optimizer.step - optimizer.skipped;
      const scalarsOf = ({ rule, pace }: Part) => {
        const numbers = Object.entries(rule.scalars(config, t, pace * learningRate));
        return Object.fromEntries(numbers.map(([name, value]) => [name, tf.scalar(value)]));
      };
      const { norm, values } = tf.tidy(() =>
        update({
          gradients,
          warm: tf.scalar(t < config.clipWarmup ? 1 : 0),
          scalars: Object.fromEntries([...groups].map(([group, part]) => [group, scalarsOf(part)])),
        }),
      );
      const length = norm.dataSync()[0]!;
      if (limit === undefined || length <= limit)
        for (const [name, value] of Object.entries(values)) (variables.get(name) ?? slots.get(name)!).assign(value);
      else optimizer.skipped++;
      tf.dispose([norm, values, gradients]);
      return length;
    },
    atAverage(use) {
      const trained = averaged.map(({ variable }) => variable.clone());
      for (const { variable, average } of averaged) variable.assign(average);
      try {
        return use();
      } finally {
        averaged.forEach(({ variable }, i) => void variable.assign(trained[i]!));
        tf.dispose(trained);
      }
    },
    resume({ step, skipped }) {
      Object.assign(optimizer, { step, skipped });
      for (const { variable, average, fast } of averaged)
        tf.tidy(() => variable.assign(trainingPoint(fast, average, config.beta1)));
    },
  };
  return optimizer;
}

/** A variable, and what it is updated by. Those of one group have the same rule and the same scalars. */
interface Part {
  name: string;
  variable: tf.Variable;
  group: string;
  rule: Rule;
  /** Times the learning rate: by LoRA+ (Hayou et al. 2024, arXiv 2402.12354) B learns λ = `loraPlusRatio` times as fast as A. */
  pace: number;
  /** What the rule keeps of the variable, by slot. */
  kept: Record<string, tf.Variable>;
}

function partOf(config: OptimizerConfig, name: string, variable: tf.Variable): Part {
  const ruleName = ruleOf(config, name, variable);
  const rule = rules[ruleName];
  const pace = name.endsWith(".lora_B.weight") ? config.loraPlusRatio : 1;
  const kept: Part["kept"] = {};
  tf.tidy(() => {
    for (const [slot, value] of Object.entries(rule.start(variable))) kept[slot] = tf.variable(value, false);
  });
  return { name, variable, group: `${ruleName} ${pace}`, rule, pace, kept };
}

type UpdateInput = { gradients: Gradients; scalars: Record<string, Record<string, tf.Scalar>>; warm: tf.Scalar };
