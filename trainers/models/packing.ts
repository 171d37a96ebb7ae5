// What config.json says of layers that are packed in four or eight bits. How they are unpacked: formats/packed-layers.ts.
import { z } from "zod";

/** Ways in which GPTQ's and AWQ's layers lie in a folder that are read. */
export const packing = z.union([
  z.object({
    quant_method: z.literal("gptq"),
    bits: z.literal([4, 8]),
    checkpoint_format: z.literal(["gptq", "gptq_v2"]).default("gptq"),
  }),
  z.object({
    quant_method: z.literal("awq"),
    bits: z.literal(4),
    checkpoint_format: z.literal("gemm").optional(),
    version: z.literal("gemm").optional(),
  }),
]);
export type Packing = z.infer<typeof packing>;

/** config.json without what says how its layers are packed, where that is a way that is read. */
export function withoutPacking(json: Record<string, unknown>): Record<string, unknown> {
  if (!packing.safeParse(json.quantization_config).success) return json;
  const { quantization_config: _, ...rest } = json;
  return rest;
}
