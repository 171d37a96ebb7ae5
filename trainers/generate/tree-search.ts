// Monte Carlo tree search over the steps of a solution, and the pairs of siblings that it tells apart: Xie et al. 2024 (arXiv 2405.00451), section 2.
// Who samples the steps and judges them is the caller's. As in the authors' code γ is 1, and where theirs goes on expanding until a solution
// ends, a simulation here ends with one expansion: its children come with solutions that were sampled to their end.

/** A step after another one, or after the prompt. */
export interface Step {
  /** With the line breaks that part it from the next. */
  text: string;
  /** Whether the solution ends with it. */
  ended: boolean;
  /** Equation 1's p(a | s). */
  prior: number;
  /** R of the solution so far, equation 2: here the reward, by a mean over the solutions that were sampled through it. */
  reward: number;
  /** Those solutions, which are its first visits. */
  visits: number;
}

export interface Node extends Step {
  parent: Node | null;
  /** Null until it is expanded; none where nothing came of that. */
  children: Node[] | null;
  /** V of the state, and Q of the step that led to it. */
  v: number;
  q: number;
}

export interface SearchOptions {
  simulations: number;
  /** c_puct. */
  exploration: number;
  /** Steps of a solution at most. */
  depth: number;
}

export const newTree = (): Node => ({
  ...{ text: "", ended: false, prior: 1, reward: 0, visits: 0 },
  ...{ parent: null, children: null, v: 0, q: 0 },
});

/** Grows trees side by side, so that what all of them expand in a simulation is sampled together. */
export function search(
  trees: Node[],
  options: SearchOptions,
  expand: (leaves: Node[], simulation: number) => Step[][],
) {
  for (let simulation = 0; simulation < options.simulations; simulation++) {
    const leaves = trees.map((tree) => select(tree, options.exploration));
    const open = leaves.filter((leaf) => leaf.children === null && !leaf.ended && depthOf(leaf) < options.depth);
    const steps = open.length > 0 ? expand(open, simulation) : [];
    for (const [i, leaf] of open.entries()) grow(leaf, steps[i]!);
    leaves.forEach(backUp);
  }
}

/** Equation 1 from the root down: argmax Q(s, a) + c_puct · p(a | s) · √N(s) / (1 + N(s′)). */
function select(node: Node, exploration: number): Node {
  if (!node.children?.length) return node;
  const puct = ({ q, prior, visits }: Node) => q + (exploration * prior * Math.sqrt(node.visits)) / (1 + visits);
  return select(greatest(node.children, puct), exploration);
}

function grow(leaf: Node, steps: Step[]): void {
  leaf.children = steps.map((step) => ({ ...step, parent: leaf, children: null, v: 0, q: step.reward - leaf.reward }));
}

/** Equations 4 to 6, from a leaf to the root. */
function backUp(leaf: Node): void {
  for (let node: Node | null = leaf; node !== null; node = node.parent) {
    const { children, parent } = node;
    if (children?.length) node.v = sumOf(children, (c) => c.visits * c.q) / sumOf(children, (c) => c.visits); // (5)
    node.q = node.reward - (parent?.reward ?? 0) + node.v; // (4): the step's own reward is what it adds to R
    node.visits += 1; // (6)
  }
}

export interface Siblings {
  chosen: Node;
  rejected: Node;
}

/**
 * At each depth, after the steps that were visited most, the child of greatest Q and that of least: section 2.2. Where they are less than `least`
 * apart, or the same step, which ends one solution and not the other, there is no pair.
 */
export function siblings(tree: Node, least: number): Siblings[] {
  const found: Siblings[] = [];
  for (let node = tree; node.children?.length; node = greatest(node.children, ({ visits }) => visits)) {
    const chosen = greatest(node.children, ({ q }) => q);
    const rejected = greatest(node.children, ({ q }) => -q);
    const apart = chosen.q - rejected.q;
    if (apart > 0 && apart >= least && chosen.text.trim() !== rejected.text.trim()) found.push({ chosen, rejected });
  }
  return found;
}

/** 1 − α, α = 1 / (N(chosen) / N(rejected) + 1): how probable conservative DPO takes it to be that the chosen step is the better one. */
export const confidence = ({ chosen, rejected }: Siblings): number => chosen.visits / (chosen.visits + rejected.visits);

/** The steps up to a node, it included. */
export const textOf = ({ parent, text }: Node): string => (parent ? textOf(parent) : "") + text;

const depthOf = ({ parent }: Node): number => (parent ? depthOf(parent) + 1 : 0);
const sumOf = (nodes: Node[], of: (node: Node) => number): number => nodes.reduce((sum, node) => sum + of(node), 0);

/** The first of the greatest. */
const greatest = (nodes: Node[], of: (node: Node) => number): Node =>
  nodes.reduce((best, node) => (of(node) > of(best) ? node : best));
