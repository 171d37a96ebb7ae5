// A file that came with its labels, over HTTP: looked at, imported, listed for training, and sent back as it came.
import { userInfo } from "node:os";
import { beforeAll, expect, test } from "vitest";
import { signatureOf } from "@/common/rows/mapping";
import type { ImportReport } from "@/lib/annotation/queues/queue-schema";
import { provenanceOf, queueProvenance } from "@/lib/datasets/add/provenance";
import { rememberMapping } from "@/lib/datasets/add/remembered-mappings";
import type { ImportPreview } from "@/lib/datasets/imports/import-schema";
import type { LabelledReport } from "@/lib/datasets/labelled/labelled-schema";
import { labelledSet } from "@/lib/datasets/labelled/labelled-sets";
import { trainingSets } from "@/lib/runs/training-sets";
import { freshDatabase } from "@/test/database";
import { POST as look } from "../queues/import/preview/route";
import { POST as annotate } from "../queues/import/route";
import { GET as download } from "./[id]/export/route";
import { POST as load } from "./route";

beforeAll(() => {
  freshDatabase();
});

const request = (path: string, body: string) =>
  new Request(`http://localhost:3000${path}`, { method: "POST", body, headers: { host: "localhost:3000" } });
const sent = async <T>(answer: Promise<Response>) => {
  const response = await answer;
  return { status: response.status, ...((await response.json()) as T & { error?: string }) };
};

const rows = ["2+2?", "3+3?"].map((prompt) => ({ prompt, chosen: "right", rejected: "wrong", margin: 0.5 }));
const file = rows.map((row) => `${JSON.stringify(row)}\n`).join("");

test("U1, DA: a labelled file is looked at, imported, offered to training, and sent back as it came", async () => {
  const preview = await sent<ImportPreview>(look(request("/api/queues/import/preview?part=all", file), {}));
  expect(preview).toMatchObject({ status: 200, as: "labelled", holds: "pairs", good: 2, left: 0 });
  const report = await sent<LabelledReport>(load(request("/api/labelled?name=sums", file), {}));
  expect(report).toMatchObject({ status: 201, name: "sums", holds: "pairs", rows: 2, known: false });
  expect(trainingSets().at(-1)).toMatchObject({ kind: "labelled", id: report.id, name: "sums", rows: 2 });
  const params = Promise.resolve({ id: String(report.id) });
  const got = await download(new Request("http://localhost:3000/", { headers: { host: "localhost:3000" } }), {
    params,
  });
  expect(await got.text()).toBe(file);
});

test("U8, DA: an import without a labelled row, a second one of the same name and a name that cannot be shown are refused", async () => {
  const refused = (name: string, text: string) =>
    sent(load(request(`/api/labelled?name=${encodeURIComponent(name)}`, text), {}));
  expect(await refused("none", '{"prompt": "q", "answers": ["a", "b"]}')).toMatchObject({
    status: 400,
    error: expect.stringMatching(/Line 1: has no label; columns found: prompt, answers/),
  });
  expect(await refused("none", "\n")).toMatchObject({ status: 400, error: "The file is empty: it has no rows." });
  expect(await refused("sums", file.replace("2+2", "4+4"))).toMatchObject({ status: 409 });
  expect(await refused("a\u0000b", file)).toMatchObject({ status: 400 });
});

test("a file that comes in one request says where it came from too, and is read as the same columns were before", async () => {
  rememberMapping(signatureOf(["frage", "gut", "schlecht"]), {
    columns: { frage: "prompt", gut: "chosen", schlecht: "rejected" },
  });
  const german = JSON.stringify({ frage: "2+2?", gut: "vier", schlecht: "fünf" });
  const report = await sent<LabelledReport>(load(request("/api/labelled?name=german", german), {}));
  expect(report).toMatchObject({ status: 201, holds: "pairs", rows: 1 });
  expect(provenanceOf(labelledSet(report.id).sha256)).toMatchObject({
    files: [{ path: "german.jsonl", bytes: Buffer.byteLength(german) }],
    mapping: { columns: { gut: "chosen" } },
    by: userInfo().username,
  });
  const both = await sent<ImportReport>(annotate(request("/api/queues/import?name=german&as=both", german), {}));
  expect(both).toMatchObject({ added: 1, labels: 1 });
  expect(queueProvenance(both.queueId)).toMatchObject([{ files: [{ path: "german.jsonl" }] }]);
});

test("DA: what there is not cannot be sent", async () => {
  for (const id of ["99", "x", "0"]) {
    const params = Promise.resolve({ id });
    const answer = await download(new Request("http://localhost:3000/", { headers: { host: "localhost:3000" } }), {
      params,
    });
    expect(answer.status).toBe(404);
  }
});
