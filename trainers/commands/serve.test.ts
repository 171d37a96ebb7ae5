import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { program } from "../../test/program";

const workbench = program("trainers/cli.ts");

test("every option together: the server tells where it answers, and answers there", async () => {
  const options = [
    "--host=127.0.0.1",
    "--port=0",
    "--rows=2",
    "--context=64",
    "--dtype=bfloat16",
    "--quantisation=nf4",
    "--prompt-lookup=4",
    "--draft=tiny",
    "--draft-tokens=3",
    "--by-folder",
  ];
  const child = spawn(process.execPath, ["scripts/program.mjs", "trainers/cli.ts", "serve", ...options, "tiny"], {
    env: { ...process.env, WORKBENCH_SERVER_KEY: "secret" },
  });
  try {
    const [line] = await new Promise<string[]>((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", (text) => resolve([text]));
      child.once("close", () => reject(new Error("it ended")));
    });
    const { url, models } = JSON.parse(line!) as { url: string; models: string[] };
    expect(models).toEqual(["tiny"]);
    const answer = await fetch(`${url}/models`, { headers: { authorization: "Bearer secret" } });
    expect((await answer.json()).data).toMatchObject([{ id: "tiny", max_model_len: 64 }]);
  } finally {
    child.kill();
  }
}, 60_000);

test.each([
  [
    "an address that others reach, without a key",
    ["--host=0.0.0.0"],
    "0.0.0.0 is open to other machines: set WORKBENCH_SERVER_KEY",
  ],
  [
    "folders by request, without a key",
    ["--by-folder"],
    "--by-folder lets a request name folders: set WORKBENCH_SERVER_KEY",
  ],
  ["layers left out of no quantisation", ["--unquantised=down_proj"], "--unquantised down_proj leaves layers out of"],
  ["a port that is none", ["--port=70000"], "It must be a port"],
  ["an adapter without a name", ["--adapter=folder"], "Give NAME=FOLDER."],
  ["two adapters of one name", ["--adapter=a=x", "--adapter=a=y"], "There are two called a."],
])("refuses %s", (_, options, words) => {
  const { status, stderr } = workbench("serve", ...options, "tiny");
  expect([status, stderr]).toEqual([2, expect.stringContaining(words)]);
});
