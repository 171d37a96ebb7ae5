// Which layers stay in full precision, against Transformers.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseModelConfig, weightShapes } from "./families";
import { quantisedLayers } from "./quantised-layers";

const tiny = JSON.parse(readFileSync("data/tiny/config.json", "utf8"));
const config = parseModelConfig({ ...tiny, num_hidden_layers: 12 }); // of the golden values
const cases: { unquantised: string[]; kept: string[] }[] = JSON.parse(
  readFileSync("data/golden/unquantised.json", "utf8"),
);

const linear = Object.keys(weightShapes(config)).filter((name) => name.endsWith("_proj.weight"));

test.each(cases.filter(({ kept }) => kept.length > 0))("$unquantised leaves what Transformers leaves", (given) => {
  const found = quantisedLayers(config, { quantisation: "nf4", unquantised: given.unquantised });
  const kept = linear.filter((name) => !found.has(name)).map((name) => name.slice(0, -".weight".length));
  expect(kept.sort()).toEqual(given.kept.toSorted());
});

test("the head may be named, which is never quantised; a name of no layer is refused", () => {
  const of = (...unquantised: string[]) => quantisedLayers(config, { quantisation: "nf4", unquantised });
  expect([...of("lm_head")].sort()).toEqual(linear.toSorted());
  expect(of()).toEqual(of("lm_head"));
  expect(() => of("down_proj", "layers.0")).toThrow(
    /unquantised "layers.0" names no layer of this model; .* as mlp.down_proj or model.layers.0/,
  );
  expect(() => of("(?P<layer>down_proj)")).toThrow(/understood in Python only/);
});
