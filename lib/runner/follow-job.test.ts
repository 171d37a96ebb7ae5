// What becomes of a job whose trainer cannot speak for itself.
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { machineSettings } from "../../spec/machines";
import { toyMachine } from "../../test/toy-machine";
import { followJob } from "./follow-job";

const own = { runId: "run1", attempt: 1 };
const quick = { pauseMs: 20, settleMs: 200 };

/** A job of a machine, and what is told of it. */
function follow(settings: ReturnType<typeof toyMachine>["settings"], job: string | null = null) {
  const folder = mkdtempSync(join(tmpdir(), "workbench-job-"));
  const [jobs, notes]: [string[], string[]] = [[], []];
  const told = { submitted: (id: string) => void jobs.push(id), note: (text: string) => void notes.push(text) };
  const machine = { id: 1, name: "cluster", runsAtOnce: 1, settings, createdAt: 0 };
  return { folder, jobs, notes, work: followJob(folder, own, { machine, job, told }, quick) };
}
const commands = (own: { submit?: string; state?: string; cancel?: string; node?: string }) =>
  machineSettings.parse({ kind: "command", submit: "echo 1", state: "echo ended", cancel: "true", ...own });

test("a job that ends without a word of its trainer's fails with the scheduler's words", async () => {
  const { work } = follow(commands({ state: "echo ended NODE_FAIL on n3" }));
  expect(await work.ended).toEqual({
    code: null,
    signal: null,
    words: [
      "job 1 on cluster ended, and the trainer left no word: ended NODE_FAIL on n3. Resume goes on from the last checkpoint",
    ],
  });
});

test("the loss of a node kills a job, whose run then fails by the scheduler's words", async () => {
  const toy = toyMachine();
  const { work, jobs, notes } = follow({ ...toy.settings, node: "sleep 60 #" });
  await vi.waitFor(() => expect(notes.at(-1)).toContain("running as process"), 10_000);
  toy.kill(jobs[0]!);
  expect((await work.ended)?.words[0]).toContain("NODE_FAIL");
});

test("Stop now cancels a job at once", async () => {
  const { work, notes } = follow({ ...toyMachine().settings, node: "sleep 60 #" });
  await vi.waitFor(() => expect(notes.at(-1)).toContain("running as process"), 10_000);
  work.kill();
  expect(await work.ended).toMatchObject({ code: null, signal: "SIGTERM" });
});

test.each(["stop", "kill"] as const)(
  "a job that has not begun is taken back by %s, however late its scheduler cancels it",
  async (way) => {
    const { work, folder } = follow(commands({ state: "echo waiting" }));
    work[way]();
    expect(await work.ended).toMatchObject({ signal: "SIGTERM" });
    const job = spawnSync(process.execPath, ["--import", "tsx", "lib/machines/inside-job.ts", folder, "1"]);
    expect(job.status).toBe(0); // it trains nothing: there is not even a run.json
  },
);

test("a scheduler that does not answer for a while loses no job", async () => {
  const answers = mkdtempSync(join(tmpdir(), "workbench-answers-"));
  const state = `if [ -e ${answers}/up ]; then echo ended; else echo "no route to host" >&2; exit 1; fi`;
  const { work, notes } = follow(commands({ state }), "7");
  await vi.waitFor(() => expect(notes).toEqual(["cluster does not answer: sh: no route to host"]));
  writeFileSync(join(answers, "up"), "");
  expect((await work.ended)?.words[0]).toContain("job 7 on cluster ended");
});

test("a job that is refused fails by what its scheduler says", async () => {
  const { work, jobs } = follow(commands({ submit: "echo 'invalid partition' >&2; exit 1" }));
  expect(await work.ended).toEqual({ code: 1, signal: null, words: ["sh: invalid partition"] });
  expect(jobs).toEqual([]);
});

test("what differs from job to job reaches commands as variables: nothing in it is run", async () => {
  const seen = mkdtempSync(join(tmpdir(), "workbench-seen-"));
  const job = `$(touch ${seen}/run); touch ${seen}/run`;
  const { work } = follow(commands({ state: `printf '%s' "$JOB" >${seen}/job; echo ended $JOB` }), job);
  expect((await work.ended)?.words[0]).toContain(job);
});

test("a state that is none is said, with the words that are", async () => {
  const { work, notes } = follow(commands({ state: "echo R" }));
  await vi.waitFor(() => expect(notes[0]).toContain('printed "R"; its first word has to be waiting, running, ended'));
  work.shutDown();
  expect(await work.ended).toBeNull();
});
