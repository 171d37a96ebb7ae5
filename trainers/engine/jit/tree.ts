// Tensors in arrays and plain objects, with constants between them: what compiled functions take and give.
import { tf } from "../tensorflow";

export type Tree =
  | tf.Tensor
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly Tree[]
  | { readonly [name: string]: Tree };

/** Disposes every tensor of a tree. */
export const free = (tree: Tree): void => tf.dispose(tensorsOf(tree));

export function tensorsOf(tree: Tree): tf.Tensor[] {
  const found: tf.Tensor[] = [];
  mapTensors(tree, (tensor) => found.push(tensor));
  return found;
}

/** The same tree with each tensor replaced, and each number where `number` says how, in a fixed order. */
export function mapTensors(
  tree: Tree,
  replace: (tensor: tf.Tensor) => unknown,
  number: (value: number) => unknown = (value) => value,
): unknown {
  if (tree instanceof tf.Tensor) return replace(tree);
  if (typeof tree === "number") return number(tree);
  if (Array.isArray(tree)) return tree.map((part) => mapTensors(part, replace, number));
  if (tree !== null && typeof tree === "object")
    return Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, mapTensors(part, replace, number)]));
  return tree;
}

/** Dimensions and sizes of the tensors, and the numbers between them. */
export function sizesOf(tree: Tree): number[] {
  const sizes: number[] = [];
  mapTensors(
    tree,
    ({ shape, size }) => sizes.push(...shape, size),
    (value) => sizes.push(value),
  );
  return sizes;
}
