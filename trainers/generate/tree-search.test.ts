// The search on trees that are known: visits and values by hand, what PUCT comes to in the limit, and which siblings make pairs.
import { expect, test } from "vitest";
import { createRandom } from "../../common/random";
import { confidence, type Node, newTree, type Step, search, siblings, textOf } from "./tree-search";

const step = (text: string, reward: number, more: Partial<Step> = {}): Step => ({
  ...{ text, reward, ended: true, prior: 0.5, visits: 1 },
  ...more,
});
/** What is known of each text, which may be written on. */
const known: Record<string, Step[]> = {
  "": [step("A", 1), step("B", 0, { ended: false })],
  B: [step("C", 2), step("D", 0)],
};
const grown = (simulations: number, exploration: number, tree = known, depth = 8): Node => {
  const root = newTree();
  search([root], { simulations, exploration, depth }, (leaves) => leaves.map((leaf) => tree[textOf(leaf)]!));
  return root;
};
const values = ({ visits, v, q }: Node) => ({ visits, v, q });
const near = (visits: number, v: number, q: number) => ({
  ...{ visits, v: expect.closeTo(v, 12), q: expect.closeTo(q, 12) },
});

test("the first simulation expands the root, whose V is the mean of what was sampled", () => {
  const root = grown(1, 4);
  expect(values(root)).toEqual(near(1, 0.5, 0.5));
  expect(root.children!.map(values)).toEqual([near(1, 0, 1), near(1, 0, 0)]);
});

// c·p is 2. A: 1 + 2√N/(1 + N_A), B: 0 + 2√N/(1 + N_B).
// N = 1: 2 and 1. N = 2: 1.94 and 1.41. N = 3: 1.87 and 1.73. N = 4: 1.8 and 2, so the fifth expands B: V(B) = (2 + 0)/2, Q(B) = 0 + 1.
test("the fifth simulation tries the step that is worth less, since its sibling has been visited four times", () => {
  expect(grown(4, 4).children!.map(({ visits }) => visits)).toEqual([4, 1]);
  const root = grown(5, 4);
  expect(values(root)).toEqual(near(5, 1, 1)); // (4·1 + 2·1)/6
  expect(root.children!.map(values)).toEqual([near(4, 0, 1), near(2, 1, 1)]);
});

// N = 5: A 1 + 2√5/5 = 1.89, B 1 + 2√5/3 = 2.49; in B, of two visits, C 2 + 2√2/2, D 0 + 2√2/2. V(B) = (2·2 + 1·0)/3.
test("the sixth goes through B to its better end, and every value on the way is a mean by visits", () => {
  const root = grown(6, 4);
  expect(values(root)).toEqual(near(6, 8 / 7, 8 / 7)); // (4·1 + 3·4/3)/7
  const [a, b] = root.children!;
  expect([values(a!), values(b!)]).toEqual([near(4, 0, 1), near(3, 4 / 3, 4 / 3)]);
  expect(b!.children!.map(values)).toEqual([near(2, 0, 2), near(1, 0, 0)]);
  const [pair, ...others] = siblings(root, 0);
  expect([pair!.chosen.text, pair!.rejected.text, others]).toEqual(["B", "A", []]); // A was visited most, and ends
  expect(confidence(pair!)).toBeCloseTo(3 / 7, 12);
});

test("Q is what a step adds to R, so a whole way adds up to R of its end, also of steps that are judged themselves", () => {
  const tree = { "": [step("A", 0.4, { ended: false })], A: [step("B", 0.9, { ended: false })], AB: [step("C", 0.7)] };
  const root = grown(3, 1, tree);
  const [a] = root.children!;
  const [b] = a!.children!;
  expect([root, a!, b!, b!.children![0]!].map(({ q }) => q)).toEqual(
    [0.7, 0.7, 0.3, -0.2].map((q) => expect.closeTo(q, 12)),
  );
});

test("the worse of two ends is chosen only while ½√N > 1 + its visits, so the better one's share of them goes to 1", () => {
  const ends = { "": [step("right", 1), step("wrong", 0)] };
  const shares = [100, 400, 1600, 6400].map((simulations) => {
    const [right, wrong] = grown(simulations, 1, ends).children!;
    expect(wrong!.visits).toBeLessThanOrEqual(Math.sqrt(simulations) / 2);
    return right!.visits / (right!.visits + wrong!.visits);
  });
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBeGreaterThan(0.99);
});

test("where two ends are worth the same, 1 + visits follow the prior", () => {
  const ends = { "": [step("likely", 1, { prior: 0.75 }), step("rare", 1, { prior: 0.25 })] };
  const [likely, rare] = grown(400, 1, ends).children!;
  expect(Math.abs((1 + likely!.visits) / 3 - (1 + rare!.visits))).toBeLessThanOrEqual(1);
});

test("nothing is expanded at the greatest depth, or twice where nothing came of it", () => {
  expect(grown(50, 4, known, 1).children!.map(({ children }) => children)).toEqual([null, null]);
  let asked = 0;
  const root = newTree();
  search([root], { simulations: 5, exploration: 1, depth: 3 }, (leaves) => {
    asked += leaves.length;
    return leaves.map(() => []);
  });
  expect([asked, root.visits, siblings(root, 0)]).toEqual([1, 5, []]);
});

test("trees that are searched side by side grow as each does alone", () => {
  const trees = [newTree(), newTree()];
  const asked: string[][] = [];
  search(trees, { simulations: 6, exploration: 4, depth: 8 }, (leaves) => {
    asked.push(leaves.map(textOf));
    return leaves.map((leaf) => known[textOf(leaf)]!);
  });
  expect(asked).toEqual([
    ["", ""],
    ["B", "B"],
  ]); // one call for both
  for (const tree of trees) expect(values(tree)).toEqual(values(grown(6, 4)));
});

test("pairs stand at each depth of the way that was visited most; those too near, or the same text, are none", () => {
  const root = grown(40, 4);
  const pairs = siblings(root, 0).map(({ chosen, rejected }) => [textOf(chosen), textOf(rejected)]);
  expect(pairs).toEqual([
    ["B", "A"],
    ["BC", "BD"],
  ]);
  expect(siblings(root, 1.5).map(({ chosen }) => chosen.text)).toEqual(["C"]); // 2 − 0; B is less than 2, and A is 1
  expect(siblings(grown(9, 1, { "": [step("A", 1), step("B", 1)] }), 0)).toEqual([]);
  const same = { "": [step("A\n", 1, { ended: false }), step("A", 0)], "A\n": [] };
  expect(siblings(grown(9, 1, same), 0)).toEqual([]);
});

test("of a policy whose right first step is known, every pair at the root prefers it", () => {
  for (let seed = 0; seed < 20; seed++) {
    const random = createRandom("toy policy", seed);
    const root = newTree();
    // after "right" a solution is worth 0.6 to 1, after "wrong" 0 to 0.4, whatever else it says
    const sampled = (before: string): Step[] =>
      ["right ", "wrong "].map((text) => {
        const base = `${before}${text}`.startsWith("right") ? 0.6 : 0;
        return step(text, base + 0.4 * random(), { ended: before.length > 12, prior: random() });
      });
    search([root], { simulations: 12, exploration: 1, depth: 4 }, (leaves) =>
      leaves.map((leaf) => sampled(textOf(leaf))),
    );
    expect(siblings(root, 0)[0]).toMatchObject({ chosen: { text: "right " }, rejected: { text: "wrong " } });
  }
});
