// Files of the Hub are on offer once all of them have come, in the Hub's order; of a fetch that ends before, nothing is.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { dataFolder } from "../../../common/env";
import { freshDatabase } from "../../../test/database";
import { file } from "../../../test/program";
import { backgroundJobs, cancelJob } from "../../jobs/background";
import type { Watch } from "../../watch";
import { stagedSource, stagePath } from "./staged-files";
import { startFetching, uploadStateOf } from "./upload-work";

let second: ReturnType<typeof held>;
function held() {
  let [resolve, reject]: [() => void, (error: Error) => void] = [() => undefined, () => undefined];
  const promise = new Promise<void>((done, failed) => {
    [resolve, reject] = [done, failed];
  });
  return { promise, resolve, reject };
}
/** Brings one file, and the other when `second` is resolved. */
vi.mock("../add/hub-files", () => ({
  fetchFromHub: async (_: unknown, folder: string, { cancelled, says }: Watch) => {
    mkdirSync(folder, { recursive: true });
    const files = ["b.jsonl", "a.jsonl"].map((name) => join(folder, name));
    writeFileSync(files[0]!, "{}\n");
    cancelled!.addEventListener("abort", () => second.reject(cancelled!.reason as Error));
    says!("0 of 2 files fetched");
    await second.promise;
    writeFileSync(files[1]!, "{}\n");
    return files;
  },
}));
beforeAll(() => {
  freshDatabase();
});
beforeEach(() => {
  second = held();
});

const hub = { id: "someone/open", revision: "main", config: null, split: "train" };
async function fetching() {
  const upload = crypto.randomUUID();
  startFetching(upload, hub);
  const job = backgroundJobs()[0]!;
  await vi.waitFor(() => expect(job.said).toBe("0 of 2 files fetched"));
  return { upload, job };
}

test("files are listed and read once the last one is there", async () => {
  const { upload, job } = await fetching();
  expect(uploadStateOf(upload)).toMatchObject({ files: [], count: 0, work: { status: "running" } });
  expect(() => stagedSource(upload)).toThrow(/gone/);
  second.resolve();
  await vi.waitFor(() => expect(job.status).toBe("finished"));
  expect(uploadStateOf(upload)).toMatchObject({ files: [{ name: "b.jsonl" }, { name: "a.jsonl" }], count: 2 });
  const source = stagedSource(upload);
  expect(source.hub).toMatchObject(hub);
  expect(source.files.map((file) => basename(file))).toEqual(["b.jsonl", "a.jsonl"]);
});

test("what a fetch that fails or is cancelled has brought is removed", async () => {
  const failing = await fetching();
  second.reject(new Error("the line went dead"));
  await vi.waitFor(() => expect(failing.job.status).toBe("failed"));
  expect(uploadStateOf(failing.upload)).toMatchObject({ count: 0 });
  second = held();
  const stopped = await fetching();
  cancelJob(stopped.job.id);
  expect(stopped.job.endedAt).toBeNull(); // its work has not come to its end
  await vi.waitFor(() => expect(stopped.job.status).toBe("stopped"));
  expect(uploadStateOf(stopped.upload)).toMatchObject({ count: 0 });
});

test("the address of what is gone says so: a fetch that a restart ended, and a path that was removed since", () => {
  const [cut, named, never] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  mkdirSync(join(dataFolder(), "uploads", `add-${cut}`, "part"), { recursive: true }); // nobody is fetching it any more
  expect(uploadStateOf(cut)).toMatchObject({ files: [], count: 0, gone: "These files are gone; choose them again." });
  const path = file("named.jsonl", "{}\n");
  stagePath(named, path);
  expect(uploadStateOf(named)).toMatchObject({ count: 1, gone: null });
  rmSync(path);
  expect(uploadStateOf(named)).toMatchObject({ count: 0, gone: `${path} cannot be read: there is no such file` });
  expect(uploadStateOf(never)).toMatchObject({ count: 0, gone: null });
});
