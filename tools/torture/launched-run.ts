// A run that the product trains: launched over HTTP, its files and rows read where they lie.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { checkpointsIn } from "../../common/checkpoints";
import type { Started } from "../../test/server";

const longestRunMs = 300_000;
const longestLaunchMs = 180_000;
const json = { "content-type": "application/json" };

/** Tries again, as the page asks for, while the database is locked or the disk full. */
export async function launch(url: string, name: string, config: object): Promise<string> {
  const body = JSON.stringify({ name, data: { kind: "sample", id: "film-reviews" }, config });
  for (const until = Date.now() + longestLaunchMs; ; await wait(500)) {
    const response = await fetch(`${url}/api/runs`, { method: "POST", headers: json, body });
    if (response.ok) return ((await response.json()) as { id: string }).id;
    const refused = new Error(`${name} is not launched: ${await response.text()}`);
    if (![503, 507].includes(response.status) || Date.now() > until) throw refused;
  }
}

async function resume(url: string, id: string): Promise<void> {
  await fetch(`${url}/api/runs/${id}`, { method: "PATCH", headers: json, body: JSON.stringify({ action: "resume" }) });
}

export interface State {
  status: string;
  error: string | null;
  attempt: number;
  pid: number | null;
}

export function stateOf(data: string, id: string): State {
  const db = new Database(join(data, "app.db"), { readonly: true, timeout: 10_000 });
  try {
    return db
      .prepare<[string], State>(
        "SELECT status, error, coalesce(attempt, 0) AS attempt, pid FROM runs LEFT JOIN leases ON run_id = id WHERE id = ?",
      )
      .get(id)!;
  } finally {
    db.close();
  }
}

/** Null once it has finished; a run that failed because it was killed too often is resumed, as its page says. */
export async function finished(url: string, data: string, id: string, server: Started): Promise<string | null> {
  for (const until = Date.now() + longestRunMs; Date.now() < until; await wait(100)) {
    if (server.child.exitCode !== null) throw new Error(`the product has ended:\n${server.output()}`);
    const { status, error } = stateOf(data, id);
    if (status === "finished") return null;
    if (status === "failed" && !error?.includes("was killed")) return `it failed: ${error}`;
    if (status === "failed") await resume(url, id);
  }
  return "it has not finished";
}

/** The events of one attempt so far, by name; of metrics with the step. */
export function eventsOf(data: string, id: string, attempt: number): { event: string; step?: number }[] {
  const path = join(data, "runs", id, `events-${attempt}.ndjson`);
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
  return lines.map((line) => JSON.parse(line) as { event: string; step?: number });
}

/** Whether a checkpoint is being written. */
export function isSaving(data: string, id: string): boolean {
  const folder = join(data, "runs", id, "checkpoints");
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith("tmp-"));
}

/** What two runs of one config have in common to the last bit: adapter, optimiser, curve with evaluations, answers. */
export async function resultOf(url: string, data: string, id: string): Promise<Record<string, string>> {
  const folder = join(data, "runs", id);
  const [last] = checkpointsIn(folder);
  const bits = (path: string) => readFileSync(path).toString("base64");
  const get = async (what: string) => (await fetch(`${url}/api/runs/${id}/${what}`)).json();
  const { answers, histograms } = (await get("answers")) as { answers: unknown; histograms: unknown };
  const points = (await get("points")) as { step: number; values: Record<string, number> }[];
  const curve = points.map(({ step, values }) => {
    const { seconds, elapsed, tokens_per_second, rollout_seconds, memory, ...rest } = values;
    return { step, ...rest };
  });
  return {
    adapter: bits(join(folder, "adapter_model.safetensors")),
    optimizer: last ? bits(join(last.folder, "optimizer.safetensors")) : "",
    curve: JSON.stringify(curve),
    answers: JSON.stringify(answers),
    histograms: JSON.stringify(histograms),
  };
}
