import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { silent } from "./observer";
import { run } from "./train";

const golden = "data/golden/trajectories";

/** One PPO update with a reward model whose scores have this mean and deviation 1: the sentences of its log, and its checks. */
async function ppoWith(mean: number): Promise<{ notes: string[]; checks: Map<string, string> }> {
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  const model = join(folder, "reward");
  cpSync(`${golden}/reward_init`, model, { recursive: true });
  writeFileSync(join(model, "reward.json"), JSON.stringify({ mean, deviation: 1 }));
  const config = runConfig.parse({
    method: "ppo",
    model: { source: `${golden}/model` },
    adapter: { rank: 2, alpha: 4 },
    data: { train: `${golden}/pairs.jsonl` },
    maxSteps: 1,
    ppo: { rollouts: 8, maxCompletionLength: 8, epochs: 1, reward: { model } },
    output: join(folder, "run"),
  });
  const [notes, checks] = [[] as string[], new Map<string, string>()];
  await run(config, {
    observer: {
      ...silent,
      note: (text) => void notes.push(text),
      checked: ({ name, detail }) => void checks.set(name, detail),
    },
    signal: new AbortController().signal,
  });
  return { notes, checks };
}

test("R1: a run says where the base's own answers lie on its reward model's scale, and warns where that is more than half a deviation away", async () => {
  const far = await ppoWith(100);
  const warning = far.notes.find((note) => note.includes("deviations from the reward model's mean"))!;
  expect(warning).toContain("where about 0 is expected");
  expect(far.checks.has("reward")).toBe(false);

  const distance = Number(/score (-?[\d.]+) deviations/.exec(warning)![1]);
  const near = await ppoWith(100 + distance); // the same first answers, measured from where they lie
  expect(near.checks.get("reward")).toMatch(/score -?0\.0\d deviations .*\(8 answers\), at most 0\.5/);
});
