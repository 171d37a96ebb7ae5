// Models under what they were trained from.
import { groupBy } from "../../common/group-by";
import type { KnownModel } from "./models-schema";

type Listed = Omit<KnownModel, "depth">;

/** Each model after the one that it was trained from, whatever else was trained from that in between; otherwise in the order given. */
export function asTree(models: Listed[]): KnownModel[] {
  const ids = new Set(models.map(({ id }) => id));
  const children = groupBy(models, ({ id, parent }) =>
    parent !== null && parent !== id && ids.has(parent) ? parent : null,
  );
  const placed = new Set<string>();
  const under = (parent: string | null, depth: number): KnownModel[] =>
    (children.get(parent) ?? []).flatMap((model) => {
      if (placed.has(model.id)) return [];
      placed.add(model.id);
      return [{ ...model, depth }, ...under(model.id, depth + 1)];
    });
  return under(null, 0);
}

/** From the base down to a model, and what was trained from it. */
export function lineOf(models: KnownModel[], id: string): KnownModel[] {
  const at = models.findIndex((model) => model.id === id);
  const own = models[at];
  if (!own) return [];
  const above: KnownModel[] = [];
  for (let parent = own.parent; parent !== null; ) {
    const next = models.find((model) => model.id === parent);
    if (!next || above.includes(next)) break;
    above.unshift(next);
    parent = next.parent;
  }
  const end = models.findIndex(({ depth }, i) => i > at && depth <= own.depth);
  return [...above, ...models.slice(at, end < 0 ? undefined : end)];
}
