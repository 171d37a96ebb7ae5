// A reward function is code on the server: of a team only owners try or launch runs that name one, by whichever route.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { denyByDefault } from "../lib/access/asked";
import { asked, freshTeam, handlersOf, joined } from "./team";

const folder = mkdtempSync(join(tmpdir(), "workbench-functions-"));
const file = join(folder, "reward.py");
const cookies: Record<string, string> = {};
beforeAll(async () => {
  vi.stubEnv("WORKBENCH_FOLDERS", folder);
  writeFileSync(file, "def reward(completions, **_):\n  return [len(one[0]['content']) for one in completions]\n");
  freshTeam();
  cookies.olga = await joined("olga", "owner");
  cookies.rex = await joined("rex", "researcher");
  denyByDefault();
});

const run = {
  data: { kind: "sample", id: "strings" },
  config: {
    ...{ method: "grpo", model: { source: "tiny" }, adapter: { rank: 4, alpha: 8 }, maxSteps: 1 },
    grpo: { prompts: 2, numGenerations: 2, maxCompletionLength: 4, reward: { function: { file } } },
  },
};

async function sent(who: string, address: string, value: object) {
  const request = asked("POST", address, { cookie: cookies[who]!, "content-type": "application/json" });
  const route = (await handlersOf(address)).POST!;
  const response = await route(new Request(request, { body: JSON.stringify(value) }), {});
  return { status: response.status, said: (await response.json()) as Record<string, unknown> };
}

test.each([
  ["/api/preflight", run],
  ["/api/dry-run", run],
  ["/api/runs", { ...run, name: "by a function" }],
])("a researcher is refused at %s, at the field", async (address, value) => {
  const { status, said } = await sent("rex", address, value);
  expect(status).toBe(403);
  expect(said.problems).toEqual([
    { path: "grpo.reward.function.file", message: expect.stringMatching(/^code of one's own runs on the server/) },
  ]);
});

test("an owner tries it from the form: the first answers of the model, with the function's rewards", {
  tags: "long",
}, async () => {
  const { status, said } = await sent("olga", "/api/dry-run", run);
  expect(status).toBe(200);
  const scored = said.scored as { answer: string; score: number; parts: { function: number } }[];
  expect(scored).toHaveLength(4);
  for (const { answer, score, parts } of scored) {
    expect(score).toBeGreaterThanOrEqual(answer.length); // it sees the blanks around them, too
    expect(parts).toEqual({ function: score });
  }
});

test("what is wrong with the function is what the form shows", async () => {
  const broken = join(folder, "broken.py");
  writeFileSync(broken, "def reward(completions, **_):\n  return completions[0].text\n");
  const config = { ...run.config, grpo: { ...run.config.grpo, reward: { function: { file: broken } } } };
  const { status, said } = await sent("olga", "/api/dry-run", { ...run, config });
  expect({ status, said }).toMatchObject({
    said: { error: expect.stringContaining(`failed at ${broken}:2: AttributeError`) },
  });
  expect(status).toBeGreaterThanOrEqual(400);
}, 120_000);
