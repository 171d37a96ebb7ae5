// The command line of one machine against the workbench of a team on another, whole: it is started, joined, logged in to and worked with.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { scopes } from "../spec/roles";
import { file, program, scratch } from "../test/program";
import { freePort, ownersLink, type Started, serving, start } from "../test/server";

const config = scratch();
const workbench = program("client/cli.ts");
const json = (stdout: string) =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const pairs = Array.from({ length: 6 }, (_, i) => ({
  prompt: `Question ${i}`,
  chosen: `a good answer ${i}`,
  rejected: `bad ${i}`,
}));
const lines = (rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

let product: Started;
let url: string;

/** The first owner joins by the link of the first start, and makes a token for what is named. */
async function tokenFor(allowed: readonly string[], cookie: string): Promise<string> {
  const made = await posted("/api/tokens", { name: "a script", scopes: allowed }, cookie);
  return ((await made.json()) as { token: string }).token;
}
const posted = (path: string, value: object, cookie = "") =>
  fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url, cookie },
    body: JSON.stringify(value),
  });

/** Made before any program is waited for: meanwhile this process would not see that the server closes its connection. */
const tokens = { whole: "", reading: "" };
beforeAll(async () => {
  vi.stubEnv("XDG_CONFIG_HOME", config);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  product = start(scratch(), port, { WORKBENCH_URL: url });
  await serving(product, url);
  const token = (await ownersLink(product)).split("/").at(-1);
  const joined = await posted("/api/join", { token, username: "olga", password: "correct horse battery" });
  const cookie = joined.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  tokens.whole = await tokenFor(scopes, cookie);
  tokens.reading = await tokenFor(["read"], cookie);
}, 120_000);
afterAll(() => void product.child.kill("SIGTERM"));

test("nothing is done on a server before somebody has logged in, nor with a token that it does not know", async () => {
  const refused = workbench("queue", "--remote");
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining("workbench login URL")]);
  const unknown = program("client/cli.ts", "wb_nobody\n")("login", url);
  expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining("does not know this token")]);
  expect(workbench("login", "labels.example.org").stderr).toContain("labels.example.org is no address");
  expect(workbench("login", "http://labels.example.org").stderr).toContain("not sent in the clear");
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const gone = workbench("login", nobody);
  expect([gone.status, gone.stderr]).toEqual([1, expect.stringContaining(`${nobody} does not answer`)]);
});

test("logged in, datasets are imported, listed, exported and trained on as here, to the same bits", {
  tags: "long",
}, () => {
  const login = program("client/cli.ts", tokens.whole)("login", url);
  expect([login.stderr, login.status, json(login.stdout)]).toEqual(["", 0, [{ server: url, name: "olga" }]]);
  expect(statSync(join(config, "alignment-workbench", "server.json")).mode & 0o777).toBe(0o600);

  const bad = file("to-label.jsonl", `${lines(pairs)}no JSON\n`);
  const imported = workbench("import", "--remote", bad, "To label");
  expect([imported.status, json(imported.stdout)[0]]).toEqual([0, expect.objectContaining({ added: 6, bad: 1 })]);
  expect(imported.stderr).toContain(`${bad}:7:`);
  expect(json(workbench("queue", "--remote").stdout).map(({ name }) => name)).toContain("To label");
  const items = json(workbench("export", "--remote", "To label", "--rows", "items").stdout);
  expect(items.map(({ prompt }) => prompt)).toEqual(pairs.map(({ prompt }) => [{ role: "user", content: prompt }]));
  expect(workbench("export", "--remote", "Nowhere").stderr).toContain("has no dataset Nowhere");

  const folder = scratch();
  mkdirSync(join(folder, "part"));
  writeFileSync(join(folder, "part", "one.jsonl"), lines(pairs.slice(0, 4)));
  writeFileSync(join(folder, "two.jsonl"), lines(pairs.slice(4)));
  const added = workbench("dataset", "add", "--remote", folder, "--name", "Labelled");
  expect([added.status, json(added.stdout)[0]]).toEqual([
    0,
    expect.objectContaining({ name: "Labelled", rows: 6, bad: 0 }),
  ]);

  const run = (output: string) => ({
    method: "dpo",
    model: { source: "tiny" },
    data: { train: file("rows.jsonl", lines(pairs)), maxLength: 64 },
    batchSize: 2,
    maxSteps: 3,
    output,
  });
  const [there, here] = [join(scratch(), "there"), join(scratch(), "here")];
  const trained = workbench("train", "--remote", file("run.json", run(there)));
  expect(trained.stderr).toContain(`finished; the adapter is in ${there}`);
  expect(trained.status).toBe(0);
  const steps = json(trained.stdout).filter(({ loss }) => loss !== undefined);
  const local = program("trainers/cli.ts")("train", file("run.json", run(here)));
  expect(steps.map(({ step, loss }) => [step, loss])).toEqual(json(local.stdout).map(({ step, loss }) => [step, loss]));
  const weights = (output: string) => readFileSync(join(output, "adapter_model.safetensors"));
  expect(weights(there).equals(weights(here))).toBe(true);

  const byName = { ...run(join(scratch(), "again")), data: { train: [{ dataset: "Labelled" }], maxLength: 64 } };
  expect(workbench("train", "--remote", file("run.json", { ...byName, maxSteps: 1 })).status).toBe(0);
  const wrong = workbench("train", "--remote", file("run.json", { ...byName, model: { source: "/etc/shadow" } }));
  expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining("/etc/shadow")]);
});

test("the scripts of docs/http.md list the datasets with a token that may read", () => {
  const page = readFileSync("docs/http.md", "utf8");
  const script = (language: string) =>
    new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``)
      .exec(page)![1]!
      .replace("https://labels.example.org", url)
      .replaceAll('"./', `"${process.cwd()}/`);
  const env = { ...process.env, WORKBENCH_TOKEN: tokens.reading };
  const said = (program: string, args: string[]) => {
    const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8", env });
    return [stdout, stderr];
  };
  const expected = [expect.stringMatching(/^\d+ Everyday questions 0$/m), ""]; // what every workbench begins with
  expect(said(process.execPath, ["--import", "tsx", file("list.ts", script("ts"))])).toEqual(expected);
  expect(said("python3", [file("list.py", script("python"))])).toEqual(expected);
});

test("a token that may only read imports nothing, and after logout nothing is remembered", () => {
  expect(program("client/cli.ts", tokens.reading)("login", url).status).toBe(0);
  const refused = workbench("import", "--remote", file("rows.jsonl", lines(pairs)), "Not allowed");
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining("This token is not for what needs")]);
  expect(workbench("logout").status).toBe(0);
  expect(workbench("queue", "--remote").status).toBe(2);
});
