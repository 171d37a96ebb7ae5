// A mixture of experts as config.json and files of weights have it.
import { z } from "zod";
import type { Mixture, ModelConfig } from "../config";
import type { ExpertNames } from "../family";
import { repeats } from "../fields";

export const mixtureFields = {
  num_experts: repeats.nullish(),
  num_local_experts: repeats.nullish(),
  num_experts_per_tok: z.int().min(1),
  output_router_logits: z.boolean().default(false),
  router_aux_loss_coef: z.number().min(0),
};

/** Throws, with the file's name, where a token is sent to more experts than there are. */
export function mixtureOf(c: z.infer<z.ZodObject<typeof mixtureFields>>, normalised: boolean, source: string): Mixture {
  const experts = c.num_local_experts ?? c.num_experts;
  if (experts == null) throw new Error(`${source} lacks num_experts, the number of experts of a block`);
  const active = c.num_experts_per_tok;
  if (active > experts)
    throw new Error(`${source} has num_experts_per_tok ${active} and ${experts} experts; it can be as many at most`);
  return { experts, active, normalised, balance: c.output_router_logits ? c.router_aux_loss_coef : 0 };
}

/** [out, in] of attention's projections, the linear layers of a block beside its experts. */
export const attentionShapes = ({
  hiddenSize: d,
  heads,
  kvHeads,
  headDim,
}: ModelConfig): Record<string, [number, number]> => ({
  "self_attn.q_proj": [heads * headDim, d],
  "self_attn.k_proj": [kvHeads * headDim, d],
  "self_attn.v_proj": [kvHeads * headDim, d],
  "self_attn.o_proj": [d, heads * headDim],
});

export const attentionGroups = [
  ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
  ["self_attn.o_proj"],
] as const;

/** A matrix of its own for each expert's gate, up and down, in the module `at`. */
export const ofEachExpert =
  (at: string, [gate, up, down]: readonly [string, string, string]) =>
  ({ hiddenSize: d, intermediateSize: f, mixture }: ModelConfig): ExpertNames => {
    const { experts } = mixture!;
    const named = (...matrices: string[]) =>
      Array.from({ length: experts }, (_, e) => matrices.map((matrix) => `${at}.experts.${e}.${matrix}.weight`)).flat();
    const [router, gateUp, downs] = [`${at}.gate.weight`, named(gate, up), named(down)];
    return {
      router,
      gateUp,
      down: downs,
      shapes: {
        [router]: [experts, d],
        ...Object.fromEntries(gateUp.map((name) => [name, [f, d]])),
        ...Object.fromEntries(downs.map((name) => [name, [d, f]])),
      },
      fused: {
        router: "mlp.gate.weight",
        gateUp: "mlp.experts.gate_up_proj",
        down: "mlp.experts.down_proj",
      },
    };
  };
