// Against what a real Slurm's programs answered (data/golden/schedulers/slurm.json, made by `npm run clusters`): stand-ins of these names say it again.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { machineSettings, type SettingsOf } from "../../spec/machines";
import type { JobState } from "./scheduler";
import { slurmScheduler } from "./slurm";
import { Unreachable } from "./unreachable";

interface Said {
  program: string;
  args: string[];
  status: number;
  stdout: string;
  stderr: string;
}
const { answers } = JSON.parse(readFileSync("data/golden/schedulers/slurm.json", "utf8")) as { answers: Said[] };
const states = answers.filter(({ program }) => program === "squeue");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workbench-slurm-test-"));
  for (const name of ["sbatch", "squeue", "scancel"])
    writeFileSync(join(folder, name), `#!/bin/sh\nprintf '%s\\n' "$@" >"${folder}/args"\n. "${folder}/answer"\n`, {
      mode: 0o755,
    });
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env.PATH}`);
});

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
function answer({ stdout, stderr, status }: Pick<Said, "stdout" | "stderr" | "status">): void {
  writeFileSync(
    join(folder, "answer"),
    `printf '%s' ${quoted(stdout)}\nprintf '%s' ${quoted(stderr)} >&2\nexit ${status}\n`,
  );
}
const asked = () => readFileSync(join(folder, "args"), "utf8").trimEnd().split("\n");
const scheduler = (sbatch = "") =>
  slurmScheduler(machineSettings.parse({ kind: "slurm", sbatch }) as SettingsOf<"slurm">);

const meaning: Record<string, JobState["state"]> = {
  ...{ PENDING: "waiting", RUNNING: "running", COMPLETING: "running" },
  ...{ COMPLETED: "ended", FAILED: "ended", CANCELLED: "ended", NODE_FAIL: "ended" },
};

test.each(states.map((said) => [said.stdout.trim() || said.stderr.trim(), said] as const))(
  "the state of a job: %s",
  async (words, said) => {
    answer(said);
    const [name = "", , nodes] = said.stdout.trim().split("|");
    const state = await scheduler().state("7");
    expect(asked()).toEqual([...said.args.slice(0, -1), "--jobs=7"]);
    if (said.status !== 0) expect(state, words).toEqual({ state: "ended", words: "Slurm no longer knows the job" });
    else expect(state).toMatchObject({ state: meaning[name], words: expect.stringContaining(name) });
    if (nodes) expect(state.words).toContain(`on ${nodes}`);
  },
);

test("what was recorded holds a job that waits, runs, ends well, fails, loses its node and is forgotten", () => {
  const seen = new Set(states.map(({ stdout }) => stdout.split("|")[0]));
  for (const name of ["PENDING", "RUNNING", "COMPLETED", "FAILED", "NODE_FAIL", ""]) expect(seen).toContain(name);
});

test("a script is handed in with the administrator's options, a line each, and the job's own after them", async () => {
  const said = answers.find(({ program }) => program === "sbatch")!;
  answer(said);
  const job = { name: "workbench-a-1", script: "/data/a b/attempt-1.sh", log: "/data/a b/attempt-1.log" };
  expect(await scheduler("--partition=gpu\n# a comment\n\n  --comment=two words; $(false)").submit(job)).toBe(
    said.stdout.trim(),
  );
  expect(asked()).toEqual([
    ...["--parsable", "--partition=gpu", "--comment=two words; $(false)", "--job-name=workbench-a-1"],
    ...["--output=/data/a b/attempt-1.log", "--open-mode=append", "/data/a b/attempt-1.sh"],
  ]);
});

// Of Slurm's sources, as none with two clusters was at hand: sbatch prints "%u;%s" with --parsable (src/sbatch/sbatch.c); squeue of several clusters
// heads each with "CLUSTER: %s" (src/squeue/squeue.c), older ones also with --noheader.
test("a job of another cluster is asked for and cancelled there, whatever the options say by then", async () => {
  const gpu = (stdout: string) => answer({ stdout, stderr: "", status: 0 });
  gpu("12;gpu\n");
  const id = await scheduler("--clusters=gpu").submit({ name: "a", script: "s", log: "l" });
  for (const said of ["RUNNING|None|node3\n", "CLUSTER: gpu\nRUNNING|None|node3\n"]) {
    gpu(said);
    expect(await scheduler().state(id)).toEqual({ state: "running", words: "RUNNING on node3" });
    expect(asked().slice(-2)).toEqual(["--clusters=gpu", "--jobs=12"]);
  }
  gpu("CLUSTER: gpu\n");
  expect(await scheduler().state(id)).toMatchObject({ state: "ended" });
  gpu("");
  await scheduler().cancel(id);
  expect(asked()).toEqual(["--clusters=gpu", "12"]);
});

test("a controller that does not answer is no end of a job", async () => {
  answer({
    stdout: "",
    stderr: "slurm_load_jobs error: Unable to contact slurm controller (connect failure)",
    status: 1,
  });
  await expect(scheduler().state("7")).rejects.toThrow("squeue: slurm_load_jobs error: Unable to contact");
});

// Of Slurm's sources (src/common/slurm_errno.c)
test.each([
  ["Unable to contact slurm controller (connect failure)", true],
  ["Socket timed out on send/recv operation", true],
  ["Zero Bytes were transmitted or received", true],
  ["Invalid partition name specified", false],
  ["Requested node configuration is not available", false],
])("a job that is not taken with the words %s may be taken later: %s", async (words, later) => {
  answer({ stdout: "", stderr: `sbatch: error: Batch job submission failed: ${words}`, status: 1 });
  const refused = await scheduler()
    .submit({ name: "a", script: "s", log: "l" })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Error);
  expect(refused instanceof Unreachable).toBe(later);
});
