// Rows that TRL's GRPO would show otherwise.
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import type { GrpoConfig } from "../../spec/methods/grpo";
import { readTokenizer } from "../models/tokenizer";
import { promptsFor } from "./prompts";

const shown = "{% if tools %}{{ tools | tojson }}{% endif %}{% for m in messages %}{{ m.content }}{% endfor %}";

test("prompts come with what the reward reads of their rows; one with tools of its own, which TRL would not show, is refused", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-trl-"));
  copyFileSync("data/tiny/tokenizer.json", join(folder, "tokenizer.json"));
  writeFileSync(join(folder, "tokenizer_config.json"), JSON.stringify({ ...ofTiny, chat_template: shown }));
  const prompts = (row: object) => {
    writeFileSync(join(folder, "rows.jsonl"), JSON.stringify({ prompt: [user], answer: "4", ...row }));
    const config = runConfig.parse({
      ...{ method: "grpo", model: { source: "tiny" }, output: "unused", data: { train: join(folder, "rows.jsonl") } },
      grpo: { reward: { rules: { answer: { column: "answer" } } } },
    });
    return promptsFor(config as GrpoConfig, readTokenizer(folder));
  };
  const { train } = await prompts({});
  expect(train.map(({ tokens }) => tokens)).toEqual([{ prompt: [user], truth: "4" }]);
  const tools = [{ type: "function", function: { name: "add", parameters: {} } }];
  await expect(prompts({ tools })).rejects.toMatchObject({ path: "data.train" });
});

const ofTiny: object = JSON.parse(readFileSync("data/tiny/tokenizer_config.json", "utf8"));
const user = { role: "user", content: "What is 2 + 2?" };
