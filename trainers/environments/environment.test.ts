// Real programs, and a real server.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environment as field } from "../../spec/fields/environment";
import { chatServer } from "../../test/chat-server";
import { type RewardServer, rewardServer } from "../../test/reward-server";
import { createEnvironment, type Shown } from "./environment";

let server: RewardServer;
beforeAll(async () => {
  server = await rewardServer();
});
afterAll(async () => void (await server.end()));

const notes: string[] = [];
const asked = (given: object) => {
  const output = mkdtempSync(join(tmpdir(), "workbench-environment-"));
  return createEnvironment(field.parse({ timeout: 20, ...given })!, { output, note: (text) => void notes.push(text) });
};
function written(name: string, text: string, more: object = {}) {
  const file = join(mkdtempSync(join(tmpdir(), "workbench-environment-")), name);
  writeFileSync(file, text);
  return { file, ...asked({ file, ...more }) };
}
const saying = (content: string, name: string, columns: object = {}): Shown => ({
  conversation: [
    { role: "user", content: "Guess" },
    { role: "assistant", content },
  ],
  name,
  columns: { ...columns },
});
const user = (content: string) => [{ role: "user", content }];

test("docs/examples/guess_the_number.py leads a model to the number of its row", () => {
  const { step } = asked({ file: "docs/examples/guess_the_number.py" });
  const said = ["I say 3", "It is 9.", "7!", "no idea"].map((text, i) => saying(text, `e/${i}`, { number: 7 }));
  expect(step(said)).toEqual([
    { messages: user("Higher."), reward: 0 },
    { messages: user("Lower."), reward: 0 },
    { messages: [], reward: 1 },
    { messages: user("Guess a number."), reward: -0.5 },
  ]);
});

test("docs/examples/calculator.ts answers calls of its tool, and rewards the answer", () => {
  const { step } = asked({ file: "docs/examples/calculator.ts" });
  const call = (expression: string) =>
    `<tool_call>\n${JSON.stringify({ name: "calculate", arguments: { expression } })}\n</tool_call>`;
  const said = [call("3 * 14 - 2"), "It is 40.", "It is 42.", "<tool_call>{}</tool_call>"].map((text, i) =>
    saying(text, `e/${i}`, { answer: "40" }),
  );
  const [called, right, wrong, odd] = step(said);
  expect(called).toEqual({ messages: [{ role: "tool", content: "40" }], reward: 0 });
  expect([right, wrong]).toEqual([
    { messages: [], reward: 1 },
    { messages: [], reward: 0 },
  ]);
  expect(odd!.messages[0]!.content).toMatch(/^not understood: /);
});

test("docs/examples/simulated_user.py has another model speak for the user", async () => {
  const { url, heard, server: other } = await chatServer(() => "Anything cheaper?");
  const folder = mkdtempSync(join(tmpdir(), "workbench-environment-"));
  const text = readFileSync("docs/examples/simulated_user.py", "utf8");
  writeFileSync(join(folder, "user.py"), text.replace("http://127.0.0.1:8080/v1", url));
  const { conversation } = saying("A car", "e");
  // as a program by itself: a trainer stands still while its environment is asked, and this process has to answer
  const call = `import json, user; print(json.dumps(user.step([${JSON.stringify(conversation)}], ["a bicycle"])))`;
  const { stdout } = await promisify(execFile)("python3", ["-c", call], { cwd: folder });
  other.close();
  expect(JSON.parse(stdout)).toEqual([{ messages: "Anything cheaper?" }]);
  const [instruction, ...turns] = heard[0]!.body.messages;
  expect(instruction!.content).toContain("a bicycle");
  expect(turns).toEqual([
    { role: "assistant", content: "Guess" },
    { role: "user", content: "A car" },
  ]);
});

test("a text is the user's, a list is messages as they are, nothing ends the episode", () => {
  const text = `def step(conversations, episodes, **_):
  return ["go on", [{"role": "tool", "content": "42", "name": "t"}], None, {"reward": 2}, {"messages": [], "reward": True}]`;
  const { step } = written("e.py", text);
  expect(step(["a", "b", "c", "d", "e"].map((name) => saying("x", name)))).toEqual([
    { messages: user("go on"), reward: 0 },
    { messages: [{ role: "tool", content: "42", name: "t" }], reward: 0 },
    { messages: [], reward: 0 },
    { messages: [], reward: 2 },
    { messages: [], reward: 1 },
  ]);
});

test("episodes go by their names, and columns by theirs", () => {
  const { step } = written(
    "e.mjs",
    "export const step = ({ episodes, word }) => episodes.map((name, i) => [name, word[i]].join(' '));",
  );
  expect(step([saying("x", "3/rollout/0/1", { word: "a" }), saying("x", "3/rollout/0/2", { word: null })])).toEqual([
    { messages: user("3/rollout/0/1 a"), reward: 0 },
    { messages: user("3/rollout/0/2 "), reward: 0 },
  ]);
});

test.each([
  ["e.py", "def step(**_): return [1 / 0]", "failed at FILE:1: ZeroDivisionError"],
  ["e.py", "def reward(**_): return [0]", "failed: LookupError: it has no function named step"],
  ["e.mjs", "export const step = () => [];", "was given 1 conversations and gave back 0 steps"],
  [
    "e.mjs",
    "export const step = () => [{ role: 'user' }];",
    'gave {"role":"user"} for conversation 1 of 1; null, a text',
  ],
  ["e.mjs", "export const step = () => [{ messages: 7 }];", "for conversation 1 of 1; null, a text"],
  ["e.mjs", "export const step = () => [{ reward: 0 / 0 }];", "failed: RangeError: NaN is no finite number"],
  ["e.py", "def step(**_): return [{'reward': float('nan')}]", "failed: ValueError: Out of range float values"],
  [
    "e.py",
    "def step(**_):\n  while True: pass",
    "took more than 5 s for 1 conversations; give it longer as environment.timeout",
  ],
])("an environment that fails (%s: %s) ends the run with a sentence", (name, text, sentence) => {
  const { file, step } = written(name, text, { timeout: sentence.includes("took") ? 5 : 20 });
  let said = "";
  try {
    step([saying("x", "e")]);
  } catch (error) {
    said = (error as Error).message;
  }
  expect(said).toContain(`the environment ${file} `);
  expect(said).toContain(sentence.replace("FILE", file));
});

test("over HTTP the same is posted as JSON, and steps come back", () => {
  const { step } = asked({ address: `${server.origin}/step` });
  const third: Shown = { ...saying("x", "b"), conversation: [...saying("x", "b").conversation, ...user("y")] };
  expect(step([saying("x", "a"), third])).toEqual([
    { messages: user("and then, a?"), reward: 0 },
    { messages: [], reward: 3 },
  ]);
  const two = [saying("x", "a"), saying("x", "b")];
  const fails = (kind: string) => () => asked({ address: `${server.origin}/${kind}` }).step(two);
  expect(fails("few-steps")).toThrow(/the environment at .* was sent 2 conversations and sent back 1 steps/);
  expect(fails("wrong-step")).toThrow("gave 7 for conversation 1 of 2; null, a text");
  expect(fails("nothing")).toThrow('sent no list of "steps"');
  expect(fails("missing")).toThrow("refused: it answered 404");
});

test("a run file names a file or an address", () => {
  for (const given of [{}, { file: "e.py", address: "http://127.0.0.1:1/" }])
    expect(() => field.parse(given)).toThrow("give a file or an address, and not both");
  expect(() => field.parse({ file: "e.sh" })).toThrow("not a .py");
  expect(() => asked({ file: "nowhere/e.py" })).toThrow("there is no environment at ");
});
