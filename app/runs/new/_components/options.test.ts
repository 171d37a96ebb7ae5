import { expect, test } from "vitest";
import { fieldsOf } from "./fields";
import { optionsOf } from "./options";

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
