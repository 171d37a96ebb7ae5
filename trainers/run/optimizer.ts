// Updates of every variable: a clip of the gradients, then the optimiser's rule (optimizers/). Slots go by variable name.

import { tmpdir } from "node:os";
import type { OptimizerConfig } from "../../spec/fields/optimizer";
import type { Gradients, Variables } from "../engine/gradients";
import { compile } from "../engine/jit/compile";
import { tf } from "../engine/tensorflow";
import { clipEach, clipGlobally } from "./optimizers/clip";
import { decays } from "./optimizers/decayed";
import { createPages, type Slot, tensorOf } from "./optimizers/pages";
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
  slots: Map<string, Slot>;
  /**
   * One update of every variable; frees the gradients and returns their global norm before clipping. Where that is not at most `limit` the
   * step is skipped.
   */
  apply(gradients: Gradients, learningRate: number, limit?: number): number;
  /** Calls `use` while the variables hold what is evaluated and saved: of schedule-free AdamW the average of its steps. */
  atAverage<Result>(use: () => Result): Result;
  /** Goes on after `step` once variables and slots are as they were saved. */
  resume(from: Pick<Optimizer, "step" | "skipped">): void;
  /** Gives back what is no tensor. */
  close(): void;
}

/** Numbers in variables that are updated in one graph, which is faster where there are many small ones. */
const mostAtOnce = 2 ** 24;

/** `folder` is where a paged optimiser keeps its file. */
export function createOptimizer(config: OptimizerConfig, variables: Variables, folder = tmpdir()): Optimizer {
  const pages = config.paged ? createPages(folder) : null;
  const keep = pages?.place ?? ((value: tf.Tensor) => tf.variable(value, false));
  const parts = [...variables].map(([name, variable]) => partOf(config, name, variable, keep));
  const thresholds: Variables = new Map();
  if (config.clipping === "adagc")
    for (const name of variables.keys()) thresholds.set(`threshold/${name}`, tf.variable(tf.scalar(0), false));
  const slots = new Map<string, Slot>([
    ...parts.flatMap(({ name, kept }) =>
      Object.entries(kept).map(([slot, value]) => [`${slot}/${name}`, value] as const),
    ),
    ...thresholds,
  ]);
  const groups = new Map(parts.map((part) => [part.group, part]));
  const averaged = parts.flatMap(({ variable, kept: { average, fast } }) =>
    average && fast ? [{ variable, average, fast }] : [],
  );
  const numbers = parts.reduce((sum, { variable }) => sum + variable.size, 0);
  const update = (pages || numbers > mostAtOnce ? updateOneByOne : updateAtOnce)(config, parts, thresholds);

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
      const scalarsOf = ({ rule, pace, config }: Part) => {
        const numbers = Object.entries(rule.scalars(config, t, pace * learningRate));
        return Object.fromEntries(numbers.map(([name, value]) => [name, tf.scalar(value)]));
      };
      const length = tf.tidy(() =>
        update(
          {
            gradients,
            warm: tf.scalar(t < config.clipWarmup ? 1 : 0),
            scalars: Object.fromEntries([...groups].map(([group, part]) => [group, scalarsOf(part)])),
          },
          limit,
        ),
      );
      if (!fits(length, limit)) optimizer.skipped++;
      return length;
    },
    atAverage(use) {
      const trained = averaged.map(({ variable }) => variable.clone());
      for (const { variable, average } of averaged) tf.tidy(() => variable.assign(tensorOf(average)));
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
        tf.tidy(() => variable.assign(trainingPoint(tensorOf(fast), tensorOf(average), config.beta1)));
    },
    close: () => pages?.close(),
  };
  return optimizer;
}

/** A variable, and what it is updated by. Those of one group have the same rule and the same scalars. */
interface Part {
  name: string;
  variable: tf.Variable;
  group: string;
  rule: Rule;
  /** The run's, without its weight decay where there is none. */
  config: OptimizerConfig;
  /** Times the learning rate: by LoRA+ (Hayou et al. 2024, arXiv 2402.12354) B learns λ = `loraPlusRatio` times as fast as A. */
  pace: number;
  /** What the rule keeps of the variable, by slot. */
  kept: Record<string, Slot>;
}

function partOf(run: OptimizerConfig, name: string, variable: tf.Variable, keep: (value: tf.Tensor) => Slot): Part {
  const config = decays(name) ? run : { ...run, weightDecay: 0 };
  const ruleName = ruleOf(run, name, variable);
  const rule = rules[ruleName];
  const pace = name.endsWith(".lora_B.weight") ? config.loraPlusRatio : 1;
  const kept: Part["kept"] = {};
  tf.tidy(() => {
    for (const [slot, value] of Object.entries(rule.start(variable))) kept[slot] = keep(value);
  });
  return { name, variable, group: `${ruleName} ${pace} ${config.weightDecay}`, rule, config, pace, kept };
}

type UpdateInput = { gradients: Gradients; scalars: Record<string, Record<string, tf.Scalar>>; warm: tf.Scalar };

/** One update, unless the gradients' norm before clipping is over `limit`; frees them and returns it. Called within a tidy. */
type Update = (input: UpdateInput, limit: number | undefined) => number;

const fits = (length: number, limit: number | undefined) => limit === undefined || length <= limit;

const tensorsOf = (kept: Part["kept"]) =>
  Object.fromEntries(Object.entries(kept).map(([slot, value]) => [slot, tensorOf(value)]));

const clipping =
  (config: OptimizerConfig, thresholds: Variables) =>
  ({ gradients, warm }: Pick<UpdateInput, "gradients" | "warm">) =>
    config.clipping === "adagc"
      ? clipEach(config, { gradients, slots: thresholds, warm })
      : { ...clipGlobally(config, gradients), slots: {} };

/** All variables in one graph. */
function updateAtOnce(config: OptimizerConfig, parts: Part[], thresholds: Variables): Update {
  const clip = clipping(config, thresholds);
  const next = compile(({ gradients, scalars, warm }: UpdateInput) => {
    const clipped = clip({ gradients, warm });
    const updated = parts.map(({ name, variable, group, rule, config, kept }) =>
      rule.update({
        ...{ config, variable, gradient: clipped.gradients[name]! },
        ...{ slots: tensorsOf(kept), scalars: scalars[group]! },
      }),
    );
    return { norm: clipped.norm, thresholds: clipped.slots, updated };
  });
  return (input, limit) => {
    const { norm, thresholds: means, updated } = next(input);
    const length = norm.dataSync()[0]!;
    if (fits(length, limit)) {
      for (const [name, value] of Object.entries(means)) thresholds.get(name)!.assign(value);
      for (const [i, part] of parts.entries()) assign(part, updated[i]!);
    }
    tf.dispose(input.gradients);
    return length;
  };
}

/** The same a variable at a time, to the same bits: new values of one only are in memory beside the old ones, and of pages those of one. */
function updateOneByOne(config: OptimizerConfig, parts: Part[], thresholds: Variables): Update {
  const clip = compile(clipping(config, thresholds));
  const next = new Map(
    parts.map(({ group, rule, config }) => [group, compile((input: OneUpdate) => rule.update({ config, ...input }))]),
  );
  return ({ gradients, scalars, warm }, limit) => {
    const clipped = clip({ gradients, warm });
    tf.dispose(gradients);
    const length = clipped.norm.dataSync()[0]!;
    if (!fits(length, limit)) return length;
    for (const [name, value] of Object.entries(clipped.slots)) thresholds.get(name)!.assign(value);
    for (const part of parts)
      tf.tidy(() => {
        const gradient = clipped.gradients[part.name]!;
        const slots = tensorsOf(part.kept);
        assign(
          part,
          next.get(part.group)!({ variable: part.variable, gradient, slots, scalars: scalars[part.group]! }),
        );
        gradient.dispose();
      });
    return length;
  };
}

type OneUpdate = Omit<Parameters<Rule["update"]>[0], "config">;

function assign({ variable, kept }: Part, next: ReturnType<Rule["update"]>): void {
  variable.assign(next.variable);
  for (const [slot, value] of Object.entries(next.slots)) kept[slot]!.assign(value as tf.Tensor<never>);
}
