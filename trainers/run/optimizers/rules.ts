// Which rule a variable goes by.
import type { OptimizerConfig } from "../../../spec/fields/optimizer";
import type { tf } from "../../engine/tensorflow";
import { adafactor } from "./adafactor";
import { adamw } from "./adamw";
import { lion } from "./lion";
import { isHidden, muon } from "./muon";
import type { Rule } from "./rule";
import { scheduleFree } from "./schedule-free";
import { sgd } from "./sgd";

export const rules: Record<OptimizerConfig["name"], Rule> = {
  adamw,
  sgd,
  lion,
  adafactor,
  schedule_free_adamw: scheduleFree,
  muon,
};

export const ruleOf = ({ name }: OptimizerConfig, variable: string, value: tf.Tensor): OptimizerConfig["name"] =>
  name === "muon" && !isHidden(variable, value) ? "adamw" : name;
