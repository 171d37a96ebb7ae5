import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inTile, inView, type MetricName, metrics, sections } from "./catalogue";
import { charts, type Tile, tiles } from "./charts";
import type { Metric } from "./metric";

const all = Object.entries<Metric>(metrics);

test("every metric has a label and a sentence, and every chart, tile and view has metrics", () => {
  for (const [name, { label, about }] of all) {
    expect(label, name).not.toBe("");
    expect(about, name).toMatch(/\.$/);
  }
  const drawn = sections.flatMap((section) => section.charts);
  expect(drawn).toHaveLength(Object.keys(charts).length);
  for (const { title, names } of drawn) expect(names.length, title).toBeGreaterThan(0);
  for (const tile of Object.keys(tiles) as Tile[]) expect(inTile(tile).length, tile).toBeGreaterThan(0);
  for (const view of ["checkpoints", "parallel", "finals", "curves"] as const)
    expect(inView(view).length, view).toBeGreaterThan(0);
});

test("a chart's metrics have one unit, so that they share an axis", () => {
  const mixed = sections
    .flatMap((section) => section.charts)
    .filter(({ names }) => new Set(names.map((name) => metrics[name].unit)).size > 1);
  expect(mixed.map(({ title }) => title)).toEqual(["Diversity"]); // two shares, of different things
});

test("held-out rows come before the batches that are trained on, where both are shown", () => {
  const accuracy = sections[0]!.charts[0]!.names;
  expect(accuracy.slice(0, 1)).toEqual(["eval_rewards/accuracies"]);
  expect(inView("checkpoints").slice(0, 2)).toEqual(["eval_loss", "eval_rewards/accuracies"]);
});

/** Names in quotes with a slash, in trainers/: those of metrics, and of folders. */
const logged = readdirSync("trainers", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .flatMap((file) => [...readFileSync(join("trainers", file), "utf8").matchAll(/\[?"([a-z_]+\/[a-z_0-9]+)"\]?:/g)])
  .map(([, name]) => name!);

test("what a trainer logs is in the catalogue, with the chart that draws it", () => {
  expect(new Set(logged).size).toBeGreaterThan(20);
  for (const name of logged) expect(Object.hasOwn(metrics, name), name).toBe(true);
  const counters = all.filter(([, { group }]) => group === "speed").map(([name]) => name);
  const without = [...new Set(logged)].filter(
    (name) => metrics[name as MetricName].chart === null && !counters.includes(name),
  );
  expect(without.sort()).toEqual([]);
});
