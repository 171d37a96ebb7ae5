// Which weights of a base are quantised: the linear layers of its blocks but those that a run leaves in full precision. Embeddings, the output
// head and a mixture's experts never are, as bitsandbytes has them by default.
import type { AskedQuantisation, HeldBase } from "../../spec/fields/model";
import type { ModelConfig } from "./config";
import { familyOf } from "./families";
import { linearName, namesOf } from "./names";

/** Names of their matrices. Throws where a name of `unquantised` is that of no layer. */
export function quantisedLayers(
  config: ModelConfig,
  { quantisation, unquantised }: HeldBase<AskedQuantisation>,
): Set<string> {
  if (quantisation === null) return new Set();
  const names = Array.from({ length: config.layers }, (_, layer) =>
    familyOf(config)
      .linearGroups.flat()
      .map((name) => linearName(config, layer, name)),
  ).flat();
  const { head, embedding } = namesOf(config);
  const modules = [...names.map(moduleOf), head, embedding];
  const kept = unquantised.map((pattern) => keptBy(pattern));
  const stray = unquantised.find((_, i) => !modules.some(kept[i]!));
  if (stray !== undefined)
    throw new Error(
      `unquantised ${JSON.stringify(stray)} names no layer of this model; name the end of a layer's name or a whole block, as ${familyOf(config).linearGroups.flat().at(-1)} or ${moduleOf(names[0]!).match(/^.*?\.\d+/)?.[0]}`,
    );
  return new Set(names.filter((name) => !kept.some((isKept) => isKept(moduleOf(name)))));
}

const moduleOf = (name: string) => name.slice(0, -".weight".length);

/** Transformers' rule (5.23, quantizers_utils.py should_convert_module): the end of a name, or an expression for its beginning up to a dot. */
function keptBy(pattern: string): (module: string) => boolean {
  try {
    const beginning = new RegExp(`^(?:${pattern})(?:(?<=\\.)|(?=\\.|$))`, "u");
    return (module) => module.endsWith(pattern) || beginning.test(module);
  } catch (cause) {
    throw new Error(
      `unquantised ${JSON.stringify(pattern)} is a regular expression that is understood in Python only; name the layers`,
      { cause },
    );
  }
}
