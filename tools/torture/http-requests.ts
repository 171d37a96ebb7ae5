// Requests to every route of the API as pages send them, and what becomes of them when something is wrong in them.
import { mutatedBytes, mutatedJson } from "./mutate";
import { configOf } from "./tiny-methods";

export interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer | null;
}

interface Template {
  method: string;
  path: string;
  query?: Record<string, string>;
  json?: object;
  file?: string;
}

const key = "00000000-0000-4000-8000-000000000000";
const data = { kind: "sample", id: "film-reviews" };
const config = { ...configOf("dpo", 1), maxSteps: 1, reference: "base", adapter: { init: "adapter" } };
const rows = `${JSON.stringify({ prompt: "a", answers: ["b", "c"] })}\n`;
const load = { name: "fuzz", format: "jsonl" };

const templates: Template[] = [
  { method: "GET", path: "/api/health" },
  { method: "GET", path: "/api/metrics" },
  { method: "POST", path: "/api/me", json: { name: "Somebody" } },
  { method: "PATCH", path: "/api/people/1", json: { name: "Somebody else" } },
  { method: "GET", path: "/api/queues" },
  {
    method: "PATCH",
    path: "/api/queues/1",
    json: { overlap: 2, guidelines: "x", mode: "pairs", aspects: ["a"], goldPercent: 10, quota: 5 },
  },
  { method: "POST", path: "/api/queues/import", query: load, file: rows },
  { method: "POST", path: "/api/queues/import/preview", query: { ...load, part: "all", as: "annotate" }, file: rows },
  {
    method: "POST",
    path: "/api/labelled",
    query: load,
    file: `${JSON.stringify({ prompt: "a", chosen: "b", rejected: "c" })}\n`,
  },
  { method: "GET", path: "/api/labelled/1/export" },
  { method: "GET", path: "/api/queues/1/export", query: { rows: "pairs" } },
  { method: "GET", path: "/api/queues/1/tasks" },
  { method: "GET", path: "/api/queues/1/lesson", query: { item: "1" } },
  { method: "GET", path: "/api/queues/1/guidelines" },
  { method: "POST", path: "/api/queues/1/guidelines", json: { number: 1 } },
  { method: "GET", path: "/api/queues/1/history", query: { before: "5" } },
  { method: "GET", path: "/api/queues/1/mine" },
  { method: "GET", path: "/api/queues/1/disputes" },
  { method: "POST", path: "/api/queues/1/disputes", json: { itemId: 1, ruling: "left" } },
  { method: "POST", path: "/api/queues/1/returns", json: { itemId: 1, note: "again" } },
  { method: "POST", path: "/api/queues/1/changes", json: { action: "exclude", of: { rows: [1] }, reason: "x" } },
  { method: "POST", path: "/api/queues/1/scores", json: { run: "none" } },
  { method: "GET", path: "/api/queues/fill" },
  {
    method: "POST",
    path: "/api/queues/fill",
    json: { queue: "fuzz", first: "none", second: "none", prompts: "none", count: 1, temperature: 1, longest: 4 },
  },
  {
    method: "POST",
    path: "/api/judgements",
    json: {
      key,
      itemId: 1,
      choice: { kind: "left", strength: 2 },
      activeMs: 1,
      rationale: "x",
      aspects: { a: [1, 2] },
      tags: ["x"],
    },
  },
  { method: "POST", path: "/api/judgements/undo", json: { key, queueId: 1 } },
  { method: "GET", path: "/api/runs", query: { newest: "5" } },
  {
    method: "POST",
    path: "/api/runs",
    json: { name: "fuzz", data, config, sweep: { fields: { "dpo.beta": [0.1, 1] }, draws: null } },
  },
  { method: "POST", path: "/api/preflight", json: { data, config } },
  { method: "POST", path: "/api/dry-run", json: { data, config } },
  { method: "GET", path: "/api/runs/none" },
  { method: "PATCH", path: "/api/runs/none", json: { action: "stop" } },
  { method: "GET", path: "/api/runs/none/points" },
  { method: "GET", path: "/api/runs/none/answers" },
  { method: "GET", path: "/api/runs/none/curves", query: { columns: "400", from: "0", to: "9" } },
  { method: "GET", path: "/api/runs/none/events" },
  { method: "GET", path: "/api/runs/none/export", query: { form: "adapter" } },
  { method: "POST", path: "/api/runs/none/chat", json: { messages: [{ role: "user", content: "hello" }] } },
  { method: "POST", path: "/api/runs/none/chat/vote", json: { exchange: "x", verdict: "base", activeMs: 1 } },
  { method: "GET", path: "/api/models", query: { source: "tiny" } },
  { method: "POST", path: "/api/models", json: { source: "tiny", name: "fuzz" } },
  { method: "GET", path: "/api/training-sets" },
  { method: "GET", path: "/api/compare", query: { runs: "a,b" } },
  { method: "GET", path: "/api/compare/blind", query: { runs: "a,b" } },
  { method: "POST", path: "/api/compare/blind", json: { runs: ["none", "none"] } },
  {
    method: "GET",
    path: "/api/compare/lines",
    query: { metric: "loss", axis: "step", groups: "a.b,c", columns: "400" },
  },
  { method: "GET", path: "/api/compare/points", query: { runs: "a", format: "csv" } },
  {
    method: "POST",
    path: "/api/compare/import",
    query: { name: "fuzz", file: "trainer_state.json" },
    file: '{"log_history": [{"step": 1, "loss": 1}]}',
  },
  { method: "POST", path: "/api/compare/import-folder", json: { folder: "out" } },
];

const oddWords = [
  "",
  "0",
  "-1",
  "1e9",
  "abc",
  "__proto__",
  "constructor",
  "..",
  "%2e%2e",
  "\u0000",
  "9".repeat(400),
  "💥",
  "a,b".repeat(200),
  "NaN",
];
const anyOf = <T>(list: readonly T[], random: () => number): T => list[Math.floor(list.length * random())]!;

/** The n-th request: each route in turn, with something odd in its path, query, body or headers, or with a path where a text stands. */
export function mutatedRequest(n: number, cookie: string, paths: string[], random: () => number): Sent {
  const { method, path, query = {}, json, file } = templates[n % templates.length]!;
  const kind = Math.floor(4 * random());
  const odd = () => (random() < 0.5 ? anyOf(oddWords, random) : anyOf(paths, random));
  const parts = path
    .split("/")
    .map((part) => (/^(1|none)$/.test(part) && kind === 0 ? encodeURIComponent(odd()) : part));
  const asked = Object.entries(query).map(([name, value]) => [name, kind === 1 && random() < 0.5 ? odd() : value]);
  const search = new URLSearchParams(asked as [string, string][]);
  const text =
    file ??
    (json &&
      JSON.stringify(
        kind === 2 ? withPath(json, anyOf(paths, random), random) : kind === 1 ? mutatedJson(json, random) : json,
      ));
  const body = text === undefined ? null : kind === 3 ? mutatedBytes(Buffer.from(text), random) : Buffer.from(text);
  const headers: Record<string, string> = {
    cookie: random() < 0.9 ? cookie : `annotator=${encodeURIComponent(odd())}`,
  };
  if (json) headers["content-type"] = "application/json";
  return { method, path: `${parts.join("/")}${asked.length > 0 ? `?${search}` : ""}`, headers, body };
}

/** With a path in place of one of its texts. */
function withPath(value: unknown, path: string, random: () => number): unknown {
  const places: ((to: string) => void)[] = [];
  const copy = structuredClone(value);
  const visit = (at: unknown) => {
    if (typeof at !== "object" || at === null) return;
    for (const [name, one] of Object.entries(at)) {
      if (typeof one === "string") places.push((to) => Object.assign(at, { [name]: to }));
      visit(one);
    }
  };
  visit(copy);
  if (places.length > 0) anyOf(places, random)(path);
  return copy;
}

/** Ways to name a file that no request may read. */
export function pathsTo(secret: string): string[] {
  const roots = [
    "",
    "/proc/self/root",
    "/proc/self/cwd/../../../../..",
    "/./",
    "//",
    "/tmp/..",
    "../".repeat(12).slice(0, -1),
    "data/".concat("../".repeat(14)).slice(0, -1),
    "file://",
    "file://localhost",
  ];
  const ends = ["", "/", "/.", "/..", "\u0000", "%00", "#", "?x", " ", "\n", ".jsonl", ":1"];
  const files = [secret, "/etc/passwd", "/proc/self/environ", "/dev/zero", "/dev/stdin"];
  return files.flatMap((file) => roots.flatMap((root) => ends.map((end) => `${root}${file}${end}`)));
}
