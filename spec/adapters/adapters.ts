// The kinds of adapter that a run can train: their options, by `adapter.type`. What each computes is in trainers/adapters/<kind>/.
import { z } from "zod";
import { ia3 } from "./ia3";
import { lora } from "./lora";

export const adapter = z.discriminatedUnion("type", [lora, ia3], { error: otherType });
export type AdapterConfig = z.infer<typeof adapter>;

function otherType({ code, input, options }: z.core.$ZodRawIssue): string | undefined {
  if (code !== "invalid_union") return undefined;
  const known = (options as unknown[]).filter((name) => name !== undefined); // undefined is LoRA's other name
  return `there is no adapter of type ${JSON.stringify((input as { type: unknown }).type)}; there are ${known.join(", ")}`;
}
