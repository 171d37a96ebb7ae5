// The header of a folder's model card. For pages too.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { yamlHeader } from "../../common/yaml-header";
import { type Packed, packed } from "../../spec/packed";

/** Null where there is none. */
export function cardOf(folder: string): unknown {
  const card = join(folder, "README.md");
  try {
    return existsSync(card) ? yamlHeader(readFileSync(card, "utf8")) : null;
  } catch {
    return null; // no YAML: the model can be used all the same
  }
}

const origin = z
  .object({
    made_of: z.string().max(4096).optional().catch(undefined),
    sparsity: z.number().min(0).max(1).optional().catch(undefined),
    packed: packed.optional().catch(undefined),
  })
  .catch({});

/** What `workbench prune`, `pack`, `uptrain` and the like say of a model that they wrote. */
export function originOf(folder: string): { madeOf?: string; sparsity?: number; packed?: Packed } {
  const { made_of: madeOf, sparsity, packed } = origin.parse(cardOf(folder));
  return {
    ...(madeOf !== undefined && { madeOf }),
    ...(sparsity !== undefined && { sparsity }),
    ...(packed && { packed }),
  };
}
