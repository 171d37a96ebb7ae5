// Files that a page sends become datasets: the same that the command line makes of them, told about while it lasts, and nothing when cancelled.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test, vi } from "vitest";
import { provenanceOf, queueProvenance } from "@/lib/datasets/add/provenance";
import { listDatasets } from "@/lib/datasets/manage/list-datasets";
import type { UploadImport, UploadPreview, UploadState } from "@/lib/datasets/uploads/uploads-schema";
import { appDb } from "@/lib/db/client";
import { items } from "@/lib/db/tables/items";
import { queues } from "@/lib/db/tables/queues";
import { labelledSets } from "@/lib/db/tables/training-sets";
import { backgroundJobs, cancelJob } from "@/lib/jobs/background";
import { freshDatabase, importRows } from "@/test/database";
import { POST as startImport } from "./[upload]/import/route";
import { POST as look } from "./[upload]/preview/route";
import { DELETE, GET, POST as send } from "./[upload]/route";
import { POST as name } from "./[upload]/source/route";
import { PATCH as choose } from "./[upload]/split/route";

let folder: string;
beforeAll(() => {
  folder = freshDatabase();
});

type Handler = (request: Request, context: { params: Promise<{ upload: string }> }) => Promise<Response>;
async function call<T = UploadState>(handler: Handler, upload: string, body?: object | string, search = "") {
  const isFile = typeof body === "string";
  const answer = await handler(
    new Request(`http://localhost:3000/api/datasets/uploads/${upload}${search}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { host: "localhost:3000", ...(!isFile && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: isFile ? body : JSON.stringify(body) }),
    }),
    { params: Promise.resolve({ upload }) },
  );
  return { status: answer.status, ...((await answer.json()) as T & { error?: string }) };
}
const lines = (...rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

async function sent(files: Record<string, string>): Promise<string> {
  const upload = crypto.randomUUID();
  for (const [file, text] of Object.entries(files))
    expect(await call(send, upload, text, `?file=${encodeURIComponent(file)}`)).toMatchObject({ status: 201 });
  return upload;
}
const soon = { timeout: 30_000, interval: 5 };
const preview = (upload: string, asked: object = {}) =>
  call<UploadPreview>(look, upload, { mapping: null, as: null, ...asked });
async function imported(upload: string, input: UploadImport): Promise<UploadState> {
  expect(await call(startImport, upload, input)).toMatchObject({ status: 202 });
  return vi.waitFor(async () => {
    const state = await call(GET, upload);
    expect(state.work?.status).not.toMatch(/running|queued/);
    return state;
  }, soon);
}

const shareGpt = (asked: string) => ({
  conversations: [{ from: "human", value: asked }],
  chosen: { from: "gpt", value: "yes" },
  rejected: { from: "gpt", value: "no" },
});
const alpaca = (asked: string) => ({ aufgabe: asked, input: "", antwort: "yes" });
const german = { columns: { aufgabe: "instruction", antwort: "completion" } } as const;

test("files that are sent make the same bytes as the command line, which keep their names, hashes and mapping", async () => {
  const files = {
    "a.jsonl": lines(alpaca("one"), alpaca("two")),
    "b.json": JSON.stringify([alpaca("three")], null, 1),
  };
  const upload = await sent(files);
  expect(await preview(upload, { mapping: german })).toMatchObject({ good: 3, left: 0, as: "labelled", holds: "sft" });
  const { work } = await imported(upload, { name: "by page", as: "labelled", mapping: german });
  expect(work).toMatchObject({ status: "finished", report: { labelled: { rows: 3, holds: "sft", left: 0 } } });
  const own = mkdtempSync(join(tmpdir(), "workbench-add-"));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(own, file), text);
  writeFileSync(join(folder, "mapping.json"), JSON.stringify(german));
  const args = ["dataset", "add", own, "--name", "by hand", "--mapping", join(folder, "mapping.json")];
  execFileSync(process.execPath, ["scripts/program.mjs", "lib/cli.ts", ...args], { stdio: "pipe" });
  const [page, hand] = ["by page", "by hand"].map(
    (name) => appDb().select().from(labelledSets).where(eq(labelledSets.name, name)).get()!,
  );
  expect(hand).toMatchObject({ sha256: page!.sha256, rows: page!.rows, holds: page!.holds });
  const kept = provenanceOf(page!.sha256)!; // the command line was last
  expect(kept.mapping).toEqual(german);
  expect(kept.files.map(({ path }) => path)).toEqual(Object.keys(files).map((file) => join(own, file)));
}, 60_000);

test("a mapping made by hand is offered for the next file with the same columns, until somebody takes it back", async () => {
  const again = await sent({ "c.jsonl": lines(alpaca("four")) });
  expect(await preview(again)).toMatchObject({ mapping: german, good: 1 });
  expect(await preview(again, { mapping: { columns: {} } })).toMatchObject({
    good: 0,
    columns: [
      { name: "aufgabe", takenFor: null },
      { name: "input", takenFor: null },
      { name: "antwort", takenFor: null },
    ],
  });
});

test("U1, U8: what is sent to be annotated hides its labels, names bad lines by file, and tells where it came from", async () => {
  const upload = await sent({ "x/a.jsonl": lines(shareGpt("one")), "x/b.jsonl": `${lines(shareGpt("two"))}{broken\n` });
  const looked = await preview(upload);
  expect(looked).toMatchObject({ good: 2, left: 1, layouts: ["ShareGPT with a pair"], holds: "pairs" });
  expect(looked.bad[0]!.reason).toMatch(/^of b\.jsonl: not JSON/);
  expect(looked.turns).toEqual({ fields: ["from", "value"], role: "from", content: "value", speakers: ["human"] });
  const { work } = await imported(upload, { name: "to compare", as: "annotate", mapping: null });
  expect(work).toMatchObject({ report: { annotate: { added: 2, duplicates: 0, left: 1 } } });
  const queue = appDb().select().from(queues).where(eq(queues.name, "to compare")).get()!;
  expect(queueProvenance(queue.id)).toMatchObject([{ files: [{ path: "x/a.jsonl" }, { path: "x/b.jsonl" }] }]);
});

/** Of this process. One that closes while they are listed has no name any more. */
const openFiles = () =>
  readdirSync("/proc/self/fd").flatMap((number) => {
    try {
      return readlinkSync(`/proc/self/fd/${number}`);
    } catch {
      return [];
    }
  });

test("an import that is cancelled leaves nothing: no dataset, no record, no file", async () => {
  const before = { datasets: listDatasets().length, items: appDb().select().from(items).all().length };
  const snapshots = readdirSync(join(folder, "snapshots"));
  const many = Array.from({ length: 20_000 }, (_, i) => shareGpt(`question ${i}`));
  for (const as of ["labelled", "annotate"] as const) {
    const upload = await sent({ "many.jsonl": lines(...many) });
    await call(startImport, upload, { name: `cancelled ${as}`, as, mapping: null });
    const job = await vi.waitFor(() => {
      const found = backgroundJobs().find(({ title }) => title === `Import of cancelled ${as}`)!;
      expect(found.said).toMatch(as === "labelled" ? /rows read/ : /records stored/);
      return found;
    }, soon);
    cancelJob(job.id);
    await vi.waitFor(() => expect(appDb().select().from(items).all()).toHaveLength(before.items), soon);
    await vi.waitFor(
      async () => expect(await call(GET, upload)).toMatchObject({ work: { status: "stopped", report: null } }),
      soon,
    );
    await call(DELETE, upload);
  }
  await vi.waitFor(
    () => expect(readdirSync(join(folder, "uploads")).filter((file) => /draft/.test(file))).toEqual([]),
    soon,
  );
  if (process.platform === "linux") expect(openFiles().filter((path) => /draft/.test(path))).toEqual([]);
  expect(listDatasets()).toHaveLength(before.datasets);
  expect(appDb().select().from(queues).where(eq(queues.name, "cancelled annotate")).all()).toEqual([]);
  expect(readdirSync(join(folder, "snapshots"))).toEqual(snapshots);
}, 60_000);

test("an import that can no longer be undone is not cancelled, and says so", async () => {
  const queue = await importRows("in use", [shareGpt("before")]);
  const upload = await sent({ "many.jsonl": lines(...Array.from({ length: 5000 }, (_, i) => shareGpt(`added ${i}`))) });
  await call(startImport, upload, { name: "in use", as: "annotate", mapping: null });
  const job = await vi.waitFor(() => {
    const found = backgroundJobs().find(({ title }) => title === "Import of in use")!;
    expect(found.said).toMatch(/records stored/);
    return found;
  }, soon);
  expect(() => cancelJob(job.id)).toThrow(expect.objectContaining({ status: 409 }));
  expect(await call(DELETE, upload)).toMatchObject({ status: 409 });
  await vi.waitFor(() => expect(job.status).toBe("finished"), soon);
  expect(appDb().select().from(items).where(eq(items.queueId, queue)).all()).toHaveLength(5001);
});

test("of a folder with a dataset card any of its splits is chosen; the usual one is taken before, and where there is none nothing is", async () => {
  const card = (splits: string) =>
    `---\nconfigs:\n- config_name: extra\n  data_files:\n  - split: train\n    path: extra.jsonl\n- config_name: main\n  default: true\n  data_files:\n${splits}---\n`;
  const splits = "  - split: train\n    path: train.jsonl\n  - split: test\n    path: test.jsonl\n";
  const row = (prompt: string) => lines({ prompt, chosen: "yes", rejected: "no" });
  const rows = { "d/train.jsonl": row("a") + row("b"), "d/test.jsonl": row("c"), "d/extra.jsonl": row("d") };
  const upload = await sent({ "d/README.md": card(splits), ...rows });
  const [main, test, extra] = [
    { config: "main", split: "train" },
    { config: "main", split: "test" },
    { config: "extra", split: "train" },
  ];
  expect(await call(GET, upload)).toMatchObject({ count: 1, splits: { known: [main, test, extra], chosen: main } });
  expect(await preview(upload)).toMatchObject({ good: 2 });
  expect(await call(choose, upload, extra)).toMatchObject({
    files: [{ name: "d/extra.jsonl" }],
    splits: { chosen: extra },
  });
  const { work } = await imported(upload, { name: "of a card", as: "labelled", mapping: null });
  expect(work).toMatchObject({ report: { labelled: { rows: 1 } } });
  const odd = await sent({ "d/README.md": card("  - split: test\n    path: test.jsonl\n"), ...rows });
  const before = await call(GET, odd);
  expect(before).toMatchObject({ count: 0, splits: { known: [test, extra], chosen: null } });
  expect(before.gone).toContain("there is no split train; there are test");
  expect(await call(choose, odd, test)).toMatchObject({ count: 1, gone: null });
  expect(await call(choose, odd, main)).toMatchObject({
    status: 400,
    error: "The dataset card names no split train of main.",
  });
});

test("a path that is not there and a broken dataset_info.json are refused in words; one of save_to_disk is no description", async () => {
  const upload = crypto.randomUUID();
  const gone = await call(name, upload, { path: join(folder, "models", "gone.jsonl") });
  expect(gone).toMatchObject({ status: 400, error: expect.stringContaining("there is no such file") });
  const own = join(folder, "models", "saved");
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, "rows.jsonl"), lines(shareGpt("one")));
  expect(await call(name, upload, { path: own })).toMatchObject({ status: 201, count: 1 });
  writeFileSync(join(own, "dataset_info.json"), JSON.stringify({ citation: "", features: {}, splits: {} }));
  expect(await preview(upload)).toMatchObject({ status: 200, good: 1 });
  writeFileSync(join(own, "dataset_info.json"), "{");
  expect(await preview(upload)).toMatchObject({ status: 400, error: expect.stringContaining("is not JSON") });
});

test("records join a dataset of the same name, which is there before and after", async () => {
  const queue = await importRows("growing", [{ prompt: "p", answers: ["a", "b"] }]);
  const upload = await sent({ "more.jsonl": lines({ prompt: "q", answers: ["a", "b"] }) });
  const { work } = await imported(upload, { name: "growing", as: "annotate", mapping: null });
  expect(work?.report).toMatchObject({ annotate: { queueId: queue, added: 1 } });
});

test("F16: a path is read where it lies if requests may name it; files that are gone and names that lead out of the folder are refused", async () => {
  const upload = crypto.randomUUID();
  expect(await call(name, upload, { path: "data/layouts/alpaca.json" })).toMatchObject({
    status: 201,
    files: [{ bytes: readFileSync("data/layouts/alpaca.json").length }],
  });
  expect(await call(name, upload, { path: "/etc/passwd" })).toMatchObject({ status: 400 });
  expect(await preview(crypto.randomUUID())).toMatchObject({ status: 404 });
  expect(await call(send, "../../x", "{}", "?file=a.jsonl")).toMatchObject({ status: 400 });
  const outside = await sent({ "../../outside.jsonl": lines(shareGpt("p")) });
  expect((await call(GET, outside)).files).toMatchObject([{ name: "outside.jsonl" }]);
});
