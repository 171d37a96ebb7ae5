// Whether policy and reference are the same before the first step, which runs check: log-ratios are 0 then.
import { dropoutOf, startsAsBase } from "./adapters/adapters";
import type { RunConfig } from "./config";

export function startsAtReference(config: RunConfig): boolean {
  const reference = "reference" in config ? config.reference : "base";
  if (reference === "base") return startsAsBase(config.adapter);
  return reference === "initial" && dropoutOf(config.adapter) === 0; // what a fresh LoRA drops changes nothing, what a trained one does
}
