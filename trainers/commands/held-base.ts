// How the base is held that a command asks, which is to be what an adapter on it was trained over.
import { type Command, Option } from "commander";
import { choice, Refusal } from "../../common/command-line";
import { type AskedQuantisation, type HeldBase, quantisations, withoutHeads } from "../../spec/fields/model";

export interface HeldOptions<Type = AskedQuantisation> {
  quantisation?: Type | undefined;
  unquantised: string[];
}

/** `command` with the options of a quantised base. A layer's name may be an expression, which may have a comma: each is given by itself. */
export const takesHeldBase = (command: Command, types: readonly AskedQuantisation[] = quantisations): Command =>
  command
    .addOption(
      choice(
        "--quantisation <type>",
        `holds the base's linear layers in 4 bits, or as its .gguf file does${types.includes("int8") ? "; int8 rounds them, the output head and what they read to 8 bits" : ""}`,
        types,
      ),
    )
    .addOption(
      new Option("--unquantised <name>", "of --quantisation: layers in full precision; may be repeated")
        .argParser((name: string, previous: string[]) => [...previous, name])
        .default([]),
    );

export function heldBase<Type extends string>({ quantisation, unquantised }: HeldOptions<Type>): HeldBase<Type> {
  if (!quantisation && unquantised.length > 0)
    throw new Refusal(
      `--unquantised ${unquantised.join(" ")} leaves layers out of --quantisation, and there is none: give that too, or leave it out`,
    );
  if (quantisation === "int8" && unquantised.length > 0)
    throw new Refusal(
      `--quantisation int8 holds all linear layers in 8 bits: leave out --unquantised ${unquantised.join(" ")}`,
    );
  return { quantisation: quantisation ?? null, unquantised: withoutHeads(unquantised) };
}
