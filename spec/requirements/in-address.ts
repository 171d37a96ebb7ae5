// What training would take, asked by the address of a model's page: filled in for a run.
import { z } from "zod";
import { isOfExperts } from "../adapters/common";
import type { RunConfig } from "../methods/all";
import { proposedRank } from "./what-fits";

const asked = z.object({
  /** Of LoRA; "none": every weight is trained. */
  rank: z.union([z.literal("none"), z.coerce.number().int().min(1)]),
  /** Whether that LoRA is on a mixture's experts as well. */
  experts: z.enum(["yes", "no"]).default("no"),
  quantised: z.enum(["yes", "no"]),
  rows: z.coerce.number().int().min(1),
  tokens: z.coerce.number().int().min(1),
  recompute: z.enum(["none", "attention", "block"]),
});
export type AskedPlan = z.infer<typeof asked>;

/** Where the model's page says what a run with rows of so many tokens would take on GPUs. `page`: whose it is, where the model is what a run left. */
export function onGpusAddress(
  { model, adapter, batchSize, recompute }: RunConfig,
  tokens: number,
  page = model.source,
): string {
  const plan: AskedPlan = {
    rank: adapter === null ? "none" : "rank" in adapter ? adapter.rank : proposedRank,
    experts: onExperts(adapter) ? "yes" : "no",
    quantised: model.quantisation === null ? "no" : "yes",
    ...{ rows: batchSize, tokens },
    recompute: recompute === "auto" ? "none" : recompute === "disk" ? "block" : recompute,
  };
  const query = new URLSearchParams(Object.entries(plan).map(([name, value]) => [name, String(value)]));
  return `/models/${encodeURIComponent(page)}?${query}#gpus`;
}

const onExperts = (adapter: RunConfig["adapter"]): boolean =>
  adapter?.type === "lora" && adapter.targets !== "all-linear" && adapter.targets.some(isOfExperts);

/** Null where the address asks for none. */
export const planInAddress = (query: URLSearchParams): AskedPlan | null =>
  asked.safeParse(Object.fromEntries(query)).data ?? null;

/** Finds such addresses in a sentence. */
export const onGpusAddresses = /(\/models\/\S+#gpus)/;
