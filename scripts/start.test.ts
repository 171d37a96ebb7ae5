import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = () => mkdtempSync(join(tmpdir(), "workbench-start-"));

function outcome(words: string[], env: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

test.each([
  [{ PORT: "abc" }, "PORT is abc, which is no port; give a number from 1 to 65535"],
  [{ PORT: "70000" }, "PORT is 70000, which is no port"],
  [
    { WORKBENCH_DATA: "package.json/data" },
    "The data folder package.json/data cannot be written (ENOTDIR); give the data another one",
  ],
  [
    { WORKBENCH_DATA: "/proc/workbench/data" },
    "The data folder /proc/workbench/data cannot be written (ENOENT); give the data another one",
  ],
])("%j ends npm start with a sentence", (env, sentence) => {
  const { status, stderr } = outcome(["scripts/start.mjs"], { WORKBENCH_DATA: folder(), ...env });
  expect(stderr).toContain(sentence);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(status).toBe(1);
});

test("U58: a port that another program has ends npm start with a sentence, and no stack trace", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const { status, stderr } = outcome(["scripts/start.mjs"], { WORKBENCH_DATA: folder(), PORT: String(port) });
  other.close();
  expect(stderr).toContain(`Port ${port} is in use by another program; choose another: PORT=${port + 1} npm start`);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(status).toBe(1);
});

test("a command whose data folder cannot be made ends with a sentence", () => {
  const words = ["scripts/program.mjs", "lib/cli.ts", "clean"];
  const { status, stderr } = outcome(words, { WORKBENCH_DATA: "/proc/workbench/data" });
  expect(stderr).toContain("The data folder /proc/workbench/data cannot be made (ENOENT); give the data another one");
  expect(status).toBe(1);
});

test("the stage of the database tells a damaged file as a sentence", () => {
  const data = folder();
  writeFileSync(join(data, "app.db"), "garbage ".repeat(1000));
  const { status, stdout } = outcome(["scripts/program.mjs", "lib/setup/main.ts"], { WORKBENCH_DATA: data });
  expect(JSON.parse(stdout)).toEqual({ problem: expect.stringContaining("app.db is damaged: file is not a database") });
  expect(status).toBe(0);
});
