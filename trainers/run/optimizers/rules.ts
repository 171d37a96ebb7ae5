// Which rule a variable goes by.
import type { OptimizerConfig } from "../../../spec/fields/optimizer";
import type { tf } from "../../engine/tensorflow";
import { adafactor } from "./adafactor";
import { adamw } from "./adamw";
import { adamw8bit, smallest8bit } from "./adamw-8bit";
import { lion } from "./lion";
import { isHidden, muon } from "./muon";
import type { Rule } from "./rule";
import { scheduleFree } from "./schedule-free";
import { sgd } from "./sgd";

export const rules: Record<OptimizerConfig["name"], Rule> = {
  adamw,
  adamw8bit,
  sgd,
  lion,
  adafactor,
  schedule_free_adamw: scheduleFree,
  muon,
};

export function ruleOf({ name }: OptimizerConfig, variable: string, value: tf.Tensor): OptimizerConfig["name"] {
  if (name === "muon" && !isHidden(variable, value)) return "adamw";
  return name === "adamw8bit" && value.size < smallest8bit ? "adamw" : name;
}
