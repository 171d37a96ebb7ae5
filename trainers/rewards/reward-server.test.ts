// OpenRLHF's side of its protocol is the workbench's own client of it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { remoteRewards } from "./remote";

const golden = "data/golden/trajectories";

test("serve-reward gives what the run would learn from, and a sentence where a label is not its own", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-reward-"));
  const file = join(folder, "run.json");
  const ppo = {
    missingEosPenalty: 0.25,
    rewardClip: 1,
    reward: { rules: { answer: { column: "answer", weight: 2 } } },
  };
  const run = { method: "ppo", model: { source: `${golden}/model` }, adapter: null, ppo, output: folder };
  writeFileSync(file, JSON.stringify({ ...run, data: { train: `${golden}/pairs.jsonl` } }));
  const served = spawn("node", ["scripts/program.mjs", "trainers/cli.ts", "serve-reward", file, "--port", "0"]);
  try {
    const [line] = (await once(served.stdout, "data")) as [Buffer];
    const { url } = JSON.parse(line.toString()) as { url: string };
    const prompt = "<|im_start|>user\nTwo and two?<|im_end|>\n<|im_start|>assistant\n";
    const label = JSON.stringify({ prompt: [{ role: "user", content: "Two and two?" }], truth: "4" });
    const answers = ["It is 4.<|im_end|>", "It is 5.<|im_end|>", "It is 4."];
    const post = (labels: string[]) =>
      fetch(url, {
        method: "POST",
        body: JSON.stringify({
          query: answers.map((text) => prompt + text),
          prompts: answers.map(() => prompt),
          labels,
        }),
      });
    const answer = await (await post(answers.map(() => label))).json();
    expect(answer).toMatchObject({ rewards: [1, 0, 0.75], scores: [1, 0, 0.75] }); // clipped to 1; one was cut
    const refused = await post(answers.map(() => ""));
    expect(refused.status).toBe(500);
    expect(await refused.json()).toEqual({ error: expect.any(String) });
    expect(() =>
      remoteRewards(url, { patience: { timeoutMs: 5000, tries: 1, pauseMs: 0 } })([
        { prompt, query: prompt + answers[0] },
      ]),
    ).toThrow(url);
  } finally {
    served.kill();
  }
}, 60_000);
