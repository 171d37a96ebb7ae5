// OpenRLHF's side of its protocol is the workbench's own client of it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Message } from "../../spec/chat";
import type { ScoredPair } from "../../spec/reports";
import { goldReward, prompts } from "./gold/reviews";
import { remoteRewards } from "./remote";
import { scorePairs } from "./score-pairs";

const golden = "data/golden/trajectories";

/** `workbench serve-reward` of this run, while `work` asks at its address. */
async function whileServed(run: object, work: (url: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "workbench-reward-"));
  const file = join(folder, "run.json");
  writeFileSync(file, JSON.stringify({ ...run, adapter: null, output: folder }));
  const served = spawn("node", ["scripts/program.mjs", "trainers/cli.ts", "serve-reward", file, "--port", "0"]);
  try {
    const [line] = (await once(served.stdout, "data")) as [Buffer];
    await work((JSON.parse(line.toString()) as { url: string }).url);
  } finally {
    served.kill();
  }
}

test("serve-reward gives what the run would learn from, and a sentence where a label is not its own", async () => {
  const ppo = {
    missingEosPenalty: 0.25,
    rewardClip: 1,
    reward: { rules: { answer: { column: "answer", weight: 2 } } },
  };
  const run = { method: "ppo", model: { source: `${golden}/model` }, data: { train: `${golden}/pairs.jsonl` }, ppo };
  await whileServed(run, async (url) => {
    const prompt = "<|im_start|>user\nTwo and two?<|im_end|>\n<|im_start|>assistant\n";
    const row = { prompt: [{ role: "user", content: "Two and two?" }] as Message[], truth: "4" };
    const answers = ["It is 4.<|im_end|>", "It is 5.<|im_end|>", "It is 4."];
    const asked = answers.map((text) => ({ prompt, query: prompt + text }));
    const post = (labels: string[]) =>
      fetch(url, {
        method: "POST",
        body: JSON.stringify({ query: asked.map(({ query }) => query), prompts: answers.map(() => prompt), labels }),
      });
    const rewards = [1, 0, 0.75]; // clipped to 1; one was cut
    const answer = await (await post(answers.map(() => JSON.stringify(row)))).json();
    expect(answer).toMatchObject({ rewards, scores: rewards });
    const refused = await post(answers.map(() => ""));
    expect(refused.status).toBe(500);
    expect(await refused.json()).toEqual({ error: expect.any(String) });
    const patience = { timeoutMs: 5000, tries: 1, pauseMs: 0 };
    expect(() => remoteRewards(url, { patience })([asked[0]!])).toThrow(url);
    expect(remoteRewards(url)(asked.map((one) => ({ ...one, row })))).toEqual(rewards);
  });
}, 60_000);

test("the records of a dataset are scored by the reward of a run", async () => {
  const run = { method: "ppo", model: { source: "tiny" }, ppo: { reward: { gold: "film-reviews" } } };
  await whileServed({ ...run, data: { train: `${golden}/pairs.jsonl` } }, async (url) => {
    const [first, second] = ["It is a warm, clever film.", "The pace is dull."];
    const scores: ScoredPair[] = [];
    const pair = { id: 7, prompt: [{ role: "user", content: prompts()[0]! }] as Message[], first, second };
    await scorePairs("tiny", url, [pair], (scored) => scores.push(...scored));
    expect(scores).toEqual([{ id: 7, first: goldReward(first), second: goldReward(second) }]);
  });
}, 60_000);
