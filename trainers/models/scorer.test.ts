import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isWholeModel } from "../../common/whole-model";
import { editedFolder } from "./edited-folder";
import { rewardModelPath, scorerConfig } from "./scorer-config";

const golden = "data/golden/trajectories";
const architectures = ["LlamaForSequenceClassification"];
const edited = (edits: Record<string, unknown>) => editedFolder(`${golden}/model`, { "config.json": edits });

test("an adapter stands on another model, a folder with a config.json is one of its own", () => {
  expect(isWholeModel(`${golden}/reward_init`)).toBe(false);
  expect(isWholeModel(`${golden}/model`)).toBe(true);
  const both = mkdtempSync(join(tmpdir(), "workbench-both-"));
  cpSync(`${golden}/reward_init`, both, { recursive: true });
  cpSync(`${golden}/model/config.json`, join(both, "config.json")); // as PEFT's users leave it beside an adapter
  expect(isWholeModel(both)).toBe(false);
});

test.each([
  [{}, /has the architecture LlamaForCausalLM; a reward model's ends in ForSequenceClassification/],
  [{ architectures }, /has 2 labels; a reward model has 1/],
  [{ architectures, num_labels: 5 }, /has 5 labels; a reward model has 1/],
  [{ architectures, id2label: { 0: "a" }, hidden_act: "relu2" }, /hidden_act "relu2"/],
])("a model that gives no single number is refused by name: %o", (edits, words) => {
  const folder = edited(edits);
  expect(() => scorerConfig(folder)).toThrow(words);
  expect(() => scorerConfig(folder)).toThrow(`${folder}/config.json`);
});

test("one of the Hub's that was not fetched says how to fetch it", () => {
  expect(() => rewardModelPath("hub:someone/scorer")).toThrow(/workbench -- model add hub:someone\/scorer/);
});
