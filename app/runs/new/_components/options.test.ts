import { expect, test } from "vitest";
import { fieldsOf } from "./fields";
import { offeredLayers, optionsOf } from "./options";

const labels = (path: string) => {
  const field = fieldsOf("dpo", "lora").find((field) => field.path === path)!;
  return optionsOf(field, { runs: [], sets: [], models: [], machines: ["cluster"], criteria: [] } as never, null).map(
    ({ label }) => label,
  );
};

test("only of the adapter does none mean that every weight is trained", () => {
  expect(labels("adapter.type")).toContain("none: every weight is trained");
  expect(labels("recompute")).toEqual(["auto", "none", "attention", "block", "disk"]);
  expect(labels("machine")).toEqual(["cluster"]);
  expect(labels("distributed.offload")).toEqual(["none", "cpu"]);
});

test("experts are offered where the model has some, or where one is chosen already", () => {
  const field = fieldsOf("dpo", "lora").find(({ path }) => path === "adapter.targets")!;
  const offered = (value: unknown, hasExperts: boolean) =>
    offeredLayers(field, value, hasExperts).choices.filter((name) => name.startsWith("experts."));
  expect(offered("all-linear", true)).toEqual(["experts.gate_up_proj", "experts.down_proj"]);
  expect(offered("all-linear", false)).toEqual([]);
  expect(offered(["q_proj", "experts.down_proj"], false)).toEqual(["experts.down_proj"]);
  expect(offeredLayers(field, "all-linear", false).choices).toContain("q_proj");
});
