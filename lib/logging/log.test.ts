import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { log, startLog } from "./log";

let folder = "";
let terminal = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workbench-log-"));
  terminal = "";
  vi.stubEnv("WORKBENCH_DATA", folder);
  vi.stubEnv("DEBUG", "");
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    terminal += text;
    return true;
  });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const lines = () =>
  readFileSync(join(folder, "logs", "web.log"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { level: number; msg: string; err?: { stack: string } });

test("B4: the file has every error with its stack and that of its cause, the terminal a line", () => {
  startLog("web");
  const cause = new Error("the disk is gone");
  log().error({ err: new Error("no vote is taken", { cause }) }, "POST /api/judgements");
  log().info("a run is claimed");
  log().debug("GET /");
  expect(lines().map(({ msg }) => msg)).toEqual(["POST /api/judgements", "a run is claimed"]);
  expect(lines()[0]!.err!.stack).toMatch(
    /no vote is taken[\s\S]+log\.test\.ts[\s\S]+the disk is gone[\s\S]+log\.test\.ts/,
  );
  expect(terminal).toBe("error: POST /api/judgements: no vote is taken: the disk is gone\n");
});

test.each([
  [{ LOG_LEVEL: "warn" }, []],
  [{ LOG_LEVEL: "debug" }, ["a run is claimed", "GET /"]],
  [{ DEBUG: "1" }, ["a run is claimed", "GET /"]],
  [{ LOG_LEVEL: "loud" }, ["LOG_LEVEL is loud, which is no level; info is used", "a run is claimed"]],
])("%j sets what is logged", (env, expected) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  startLog("web");
  log().info("a run is claimed");
  log().debug("GET /");
  expect(readFileSync(join(folder, "logs", "web.log"), "utf8") === "" ? [] : lines().map(({ msg }) => msg)).toEqual(
    expected,
  );
});
