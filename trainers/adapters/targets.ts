// Which layers an adapter is on: PEFT's own rules (peft 0.21, tuners_utils.py check_target_module_exists), which match names, suffixes of
// names and regular expressions.
import type { ModelConfig } from "../models/config";
import { familyOf, otherModules } from "../models/families";
import { blockName } from "../models/names";
import type { TargetFields } from "./peft-config";

export interface TargetLayer {
  /** As `model.layers.0.self_attn.q_proj`. */
  module: string;
  /** [out, in] */
  shape: readonly [number, number];
}

/** The adapted layers, block by block. Throws where none is, or where what cannot be adapted here is asked for. */
export function targetLayers(config: TargetFields, model: ModelConfig): TargetLayer[] {
  const { linearShapes, unadaptable = {} } = familyOf(model);
  const shapes = linearShapes(model);
  const isTarget = namedModules(config, model);
  const targets = `target_modules ${JSON.stringify(config.target_modules)}`;
  for (const module of otherModules(model))
    if (isTarget(module)) throw new Error(`${targets} matches ${module}; ${adaptable(model)}`);
  const layers = Array.from({ length: model.layers }, (_, layer) =>
    Object.entries(shapes).flatMap(([linear, shape]) => {
      const module = `${blockName(model, layer)}${linear}`;
      if (!isTarget(module)) return [];
      if (unadaptable[linear]) throw new Error(`${targets} matches ${module}; ${unadaptable[linear]}`);
      return [{ module, shape }];
    }),
  ).flat();
  if (layers.length === 0)
    throw new Error(`${targets} matches no layer of this model, whose layers are ${adaptableLayers(model).join(", ")}`);
  return layers;
}

/** Whether a config names a module by its full name. */
export const namedModules = (config: TargetFields, model: ModelConfig) => targetOf(config, adaptableLayers(model));

/** Linear layers of a block that adapters may be on. */
export function adaptableLayers(model: ModelConfig): string[] {
  const { linearShapes, unadaptable = {} } = familyOf(model);
  return Object.keys(linearShapes(model)).filter((name) => !Object.hasOwn(unadaptable, name));
}

const adaptable = ({ mixture }: ModelConfig) =>
  mixture
    ? "of a mixture of experts attention's q_proj, k_proj, v_proj and o_proj can be adapted here, and by LoRA the experts as experts.gate_up_proj and experts.down_proj (PEFT's target_parameters), not the router"
    : "only the linear layers of attention and MLP can be adapted here";

/** `linear`: the linear layers of a block. */
function targetOf(config: TargetFields, linear: string[]): (module: string) => boolean {
  const { target_modules: targets, exclude_modules: excluded } = config;
  const isExcluded = excluded?.length ? matcher("exclude_modules", excluded) : () => false;
  const isNamed =
    typeof targets === "string" && targets.toLowerCase() === "all-linear"
      ? matcher("target_modules", linear)
      : matcher("target_modules", targets);
  const isInLayers = layerFilter(config);
  const exact = Array.isArray(targets) ? targets : [];
  // A name in full is taken whatever layers_to_transform says.
  return (module) => !isExcluded(module) && (exact.includes(module) || (isNamed(module) && isInLayers(module)));
}

/** A text is a regular expression for the whole name; of a list each is a name or its end. */
function matcher(field: string, names: string | string[]): (module: string) => boolean {
  if (typeof names === "string") return expression(field, `^(?:${names})$`, names);
  return (module) => names.some((name) => module === name || module.endsWith(`.${name}`));
}

function layerFilter({
  layers_to_transform: wanted,
  layers_pattern: given,
}: TargetFields): (module: string) => boolean {
  if (wanted == null || (Array.isArray(wanted) && wanted.length === 0)) return () => true;
  const names = [given ?? []].flat();
  const indices = (names.length > 0 ? names : ["[^.]*"]).map((name) =>
    regularExpression("layers_pattern", `^(?:.*?\\.)?${name}\\.(?<index>\\d+)\\.`, name),
  );
  return (module) => {
    const found = indices.map((index) => index.exec(module)).find((match) => match !== null);
    return found !== undefined && [wanted].flat().includes(Number(found.groups!.index));
  };
}

/** Whether a name matches; `field` is named where the expression is not understood. */
export function expression(field: string, whole: string, shown: string): (module: string) => boolean {
  const compiled = regularExpression(field, whole, shown);
  return (module) => compiled.test(module);
}

/** Python's regular expressions and JavaScript's agree in what both understand; the flag makes JavaScript refuse the rest. */
function regularExpression(field: string, whole: string, shown: string): RegExp {
  try {
    return new RegExp(whole, "u");
  } catch (cause) {
    throw new Error(
      `${field} ${JSON.stringify(shown)} is a regular expression that is understood in Python only; a list of names says the same`,
      { cause },
    );
  }
}
