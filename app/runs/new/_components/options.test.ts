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

test("texts of the pre-training mix are labelled datasets that SFT reads, and the version that a run was launched with", () => {
  const field = fieldsOf("ppo", "lora").find(({ path }) => path === "ppo.ptx.texts")!;
  expect(field).toMatchObject({ label: "Pre-training mix (PPO-ptx): texts", nullable: false, initial: "" });
  const set = (id: number, kind: string, imitated: number) => ({ kind, id, name: `set ${id}`, imitated });
  const sets = [set(1, "labelled", 5), set(2, "labelled", 0), set(3, "queue", 5)];
  const offered = (value: unknown) => optionsOf(field, { sets } as never, value).map(({ value }) => value);
  expect(offered("")).toEqual(["labelled:1"]);
  expect(offered("labelled:1@4")).toEqual(["labelled:1", "labelled:1@4"]);
});

test("endpoints are offered by their names; one that is chosen and not among them stays", () => {
  const field = fieldsOf("grpo").find(({ path }) => path === "grpo.reward.grader.endpoint")!;
  const offered = (value: unknown) =>
    optionsOf(field, { endpoints: ["Marker", "Referee"] } as never, value).map(({ value }) => value);
  expect(offered("")).toEqual(["Marker", "Referee"]);
  expect(offered("Referee")).toEqual(["Marker", "Referee"]);
  expect(offered("marker")).toEqual(["Marker", "Referee", "marker"]);
  const judge = fieldsOf("sppo").find(({ path }) => path === "sppo.judge.endpoint")!;
  expect(judge.takes).toBe("endpoint");
});
