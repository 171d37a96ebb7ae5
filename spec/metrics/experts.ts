// What a step measures of a mixture of experts: how evenly its routers spread the batch's tokens.
import { defineMetrics, type Metric } from "./metric";

const balance = defineMetrics({
  aux_loss: {
    label: "Load-balancing loss",
    unit: "",
    group: "update",
    about:
      "Of all layers together, before its coefficient: the active experts of a token where all experts are used alike, more where not.",
    chart: "balance",
  },
  "expert_load/busiest": {
    label: "Busiest expert",
    unit: "share of tokens",
    group: "update",
    about: "Tokens of a layer that go to one expert, the largest share in any layer.",
    chart: "expertRange",
  },
  "expert_load/idlest": {
    label: "Idlest expert",
    unit: "share of tokens",
    group: "update",
    about: "Tokens of a layer that go to one expert, the smallest share in any layer.",
    chart: "expertRange",
  },
});

/** Models with more experts have too many lines for a chart. */
export const drawnExperts = 16;

export function expertMetrics() {
  const loads = Array.from({ length: drawnExperts }, (_, e): [string, Metric & { group: "update" }] => [
    `expert_load/${e}`,
    {
      label: `Expert ${e}`,
      unit: "share of tokens",
      group: "update",
      about: `Tokens that go to expert ${e} of a block, mean over layers. Of models with at most ${drawnExperts} experts.`,
      chart: "expertLoad",
    },
  ]);
  return {
    ...balance,
    ...(Object.fromEntries(loads) as Record<`expert_load/${number}`, Metric & { group: "update" }>),
  };
}
