import { expect, test } from "vitest";
import { asJob, backgroundJobs, cancelJob, type JobHandle } from "./background";
import { workbench } from "./workbench";

const about = { kind: "export", title: "A model as GGUF", href: "/runs/r" } as const;
/** Work that goes on until it is told to end. */
function held() {
  let handle: JobHandle | undefined;
  let resolve: (made: string) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<string>((done, failed) => {
    [resolve, reject] = [done, failed];
  });
  const done = asJob(about, (given) => {
    handle = given;
    return promise;
  });
  return { done, resolve, reject, handle: handle! };
}

test("U57: a job waits, is at work with its share, and has ended with what came of it", async () => {
  const { done, resolve, handle } = held();
  const job = () => backgroundJobs()[0]!;
  expect(job()).toMatchObject({ ...about, status: "queued", progress: null, startedAt: null });
  handle.begins();
  handle.says("loading the model");
  expect(job()).toMatchObject({ status: "running", said: "loading the model", progress: null });
  handle.says("3 of 12 prompts");
  handle.says("12 was the last");
  expect(job()).toMatchObject({ said: "12 was the last", progress: 0.25, endedAt: null });
  resolve("made");
  expect(await done).toBe("made");
  expect(job()).toMatchObject({ status: "finished", progress: 1, error: null });
  const failing = held();
  failing.reject(new Error("no room"));
  await expect(failing.done).rejects.toThrow("no room");
  expect(job()).toMatchObject({ status: "failed", error: "no room" });
  expect(() => cancelJob(job().id)).toThrow(/has ended/);
  expect(() => cancelJob("job-0")).toThrow(expect.objectContaining({ status: 404 }));
});

test("U57: cancelling a job ends its program, and says so to whoever waits for it", async () => {
  const work = asJob(about, (job) => workbench(["help"], { job }));
  cancelJob(backgroundJobs()[0]!.id); // while the program starts
  await expect(work).rejects.toMatchObject({ status: 409, message: /cancelled/ });
  expect(backgroundJobs()[0]).toMatchObject({ status: "stopped", error: null });
});

test("the newest twenty that have ended are listed, and all that have not", async () => {
  const { done, resolve } = held();
  for (let i = 0; i < 25; i++) await asJob({ ...about, title: `${i}` }, async () => i);
  const titles = backgroundJobs().map(({ title }) => title);
  expect(titles.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, i) => `${24 - i}`));
  expect(titles.slice(20)).toEqual([about.title]);
  resolve("");
  await done;
});
