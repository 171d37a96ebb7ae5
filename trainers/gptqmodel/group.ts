// What GPTQModel 7.7 can pack of a model so that it is read again here.
import { Refusal } from "../../common/command-line";
import { groupSizes, type Packer } from "../../spec/packed";
import type { FamilyName, ModelConfig } from "../models/config";
import { familyOf } from "../models/families";

interface Layer {
  name: string;
  outputs: number;
  inputs: number;
}

/** How many inputs share a scale: as many as are asked for, or else the most that divide every layer's. Throws where the layers cannot be packed so. */
export function groupFor(config: ModelConfig, by: Packer, bits: number, asked?: number): number {
  refuseFamily(config);
  const layers = Object.entries(familyOf(config).linearShapes(config)).map(
    ([name, [outputs, inputs]]): Layer => ({ name, outputs, inputs }),
  );
  refuseOutputs(layers, by, bits);
  const unfit = (size: number) => layers.find(({ inputs }) => inputs % size !== 0);
  const most = groupSizes.find((size) => !unfit(size));
  const size = asked ?? most ?? groupSizes.at(-1)!;
  const stray = unfit(size);
  if (stray) {
    const advice = most === undefined ? "and neither do larger ones" : `use --group ${most}, or leave it out`;
    throw new Refusal(`groups of ${size} inputs do not divide the ${stray.inputs} of ${stray.name}; ${advice}`);
  }
  return size;
}

/** GPT-2's layers lie the other way and Phi-3's are divided, which is not read packed; of GPT-NeoX GPTQModel loses the head. */
const refused: Partial<Record<FamilyName, string>> = { gpt2: "GPT-2", gpt_neox: "GPT-NeoX", phi3: "Phi-3" };

function refuseFamily({ family, mixture, stateSpace }: ModelConfig): void {
  const what = mixture ? "a mixture of experts" : stateSpace ? "a state-space model" : refused[family];
  if (what)
    throw new Refusal(`${what} cannot be packed here; workbench export-gguf rounds its weights to 8 or 4 bits instead`);
}

/** AWQ's search takes 64 outputs at a time; GPTQ's zeros, one for each output, fill words of 32 bits. */
function refuseOutputs(layers: Layer[], by: Packer, bits: number): void {
  const multiple = by === "awq" ? 64 : 32 / bits;
  const stray = layers.find(({ outputs }) => outputs % multiple !== 0);
  if (stray)
    throw new Refusal(
      `--by ${by} packs layers of a multiple of ${multiple} outputs, and ${stray.name} has ${stray.outputs}${by === "awq" ? "; use --by gptq" : ""}`,
    );
}
