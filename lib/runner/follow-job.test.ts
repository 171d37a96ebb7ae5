// What becomes of a job whose trainer cannot speak for itself.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { savedStatus } from "../../spec/engines";
import { eventsFile } from "../../spec/events";
import { machineSettings } from "../../spec/machines";
import { toyMachine } from "../../test/toy-machine";
import { endFile, writeEnd } from "../machines/job-end";
import { isUnwanted, want } from "../machines/wanted-job";
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
/** What a job does that its scheduler starts after all; it trains nothing where it succeeds, since there is not even a run.json. */
const beginLate = (folder: string, name = "workbench-run1-1") =>
  spawnSync(process.execPath, ["--import", "tsx", "lib/machines/inside-job.ts", folder, "1", name]);
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
    expect(beginLate(folder).status).toBe(0);
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

test("a job that is refused, though its scheduler has it, trains nothing when it is started", async () => {
  const { work, folder } = follow(commands({ submit: "exit 1" }));
  expect(await work.ended).toMatchObject({ code: 1 });
  expect(beginLate(folder).status).toBe(0);
});

test("a scheduler that cannot be reached is asked again, and of the jobs that it may have accepted the last one is wanted", async () => {
  const seen = mkdtempSync(join(tmpdir(), "workbench-tries-"));
  const submit = `echo $NAME >>${seen}/names; [ -e ${seen}/up ] && echo 1 && exit; echo "Connection refused" >&2; exit 1`;
  const { work, folder, notes, jobs } = follow(commands({ submit, state: "echo running" }));
  const names = () => readFileSync(join(seen, "names"), "utf8").trim().split("\n");
  await vi.waitFor(() => expect(names().length).toBeGreaterThan(2), 10_000);
  expect(work.waits()).toBe(true);
  expect(jobs).toEqual([]);
  writeFileSync(join(seen, "up"), "");
  await vi.waitFor(() => expect(jobs).toEqual(["1"]), 10_000);
  expect(notes[0]).toBe("waiting for cluster: sh: Connection refused");
  expect(new Set(names()).size).toBe(names().length);
  for (const name of names().slice(0, -1)) expect(beginLate(folder, name).status).toBe(0);
  expect(beginLate(folder, names().at(-1)).stderr.toString()).toContain("run.json"); // this one would train
  work.shutDown();
});

test.each(["stop", "kill"] as const)(
  "%s ends a run whose scheduler cannot be reached, before it has a job",
  async (way) => {
    const { work, notes } = follow(commands({ submit: "echo 'Connection timed out' >&2; exit 255" }));
    await vi.waitFor(() => expect(notes).toEqual(["waiting for cluster: sh: Connection timed out"]));
    work[way]();
    expect(await work.ended).toMatchObject({ code: null, signal: "SIGTERM" });
  },
);

test("a job that is queued anew some time after its node was lost is not given up", async () => {
  const states = mkdtempSync(join(tmpdir(), "workbench-states-"));
  const state = `cd ${states}; if [ -e over ]; then echo ended; elif [ -e lost ]; then echo running anew; else touch lost; echo ended; fi`;
  const { work, folder, notes } = follow(commands({ state }), "7");
  await vi.waitFor(() => expect(notes.at(-1)).toContain("running anew"), 10_000);
  writeEnd(endFile(folder, 1), { code: 0, signal: null, words: [] });
  writeFileSync(join(states, "over"), "");
  expect(await work.ended).toMatchObject({ code: 0 });
});

const silent = commands({ state: "exit 1", cancel: "exit 1" });

test("Stop lets a job save that may train, whatever its scheduler last said, and takes its word from its folder", async () => {
  const { work, folder, notes } = follow(silent, "7");
  writeFileSync(join(folder, eventsFile(1)), "");
  want(folder, 1, "workbench-run1-1");
  work.stop();
  await vi.waitFor(() => expect(notes[0]).toContain("does not answer"));
  await wait(5 * quick.pauseMs);
  expect(isUnwanted(folder, 1, "workbench-run1-1")).toBe(false);
  writeEnd(endFile(folder, 1), { code: savedStatus, signal: null, words: [] });
  expect(await work.ended).toMatchObject({ code: savedStatus });
});

test("Stop takes a job back that has written nothing, where its scheduler does not answer", async () => {
  const { work, folder } = follow(silent, "7");
  work.stop();
  expect(await work.ended).toMatchObject({ signal: "SIGTERM" });
  expect(isUnwanted(folder, 1, "workbench-run1-1")).toBe(true);
});

test("Stop now does not wait for a scheduler that does not answer, nor for a job that nothing is heard of", async () => {
  const { work, folder } = follow(silent, "7");
  writeFileSync(join(folder, eventsFile(1)), "");
  work.kill();
  expect(isUnwanted(folder, 1, "workbench-run1-1")).toBe(true);
  expect(await work.ended).toMatchObject({ signal: "SIGTERM" });
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
