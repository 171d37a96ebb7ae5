// Runs to and from other programs' files.
import "server-only";
import { turns } from "../../common/turns";
import type { Method } from "../../spec/config";
import { retryOnBusyAsync } from "../db/busy";
import { appDb, metricsDb } from "../db/client";
import { type ExternalConfig, runs } from "../db/tables/runs";
import { putHistory } from "../history/compact";
import { rowsOf } from "../history/metric-rows";
import { newRunId } from "../runs/attempts";
import { requireRun } from "../runs/require-run";
import { readElsewhere } from "./external-run";
import { encodeEvents, type Scalars } from "./tensorboard";

/** Imports a run of another program, to compare it with runs made here. */
export async function importRun(name: string, file: string, bytes: Buffer, now: number, chosen: Method | null = null) {
  const { method, config, rows, left } = await readElsewhere(file, bytes, chosen);
  const id = newRunId(now);
  const described: ExternalConfig = {
    method,
    model: { source: "imported" },
    data: { train: null },
    ...config,
  };
  const turn = turns();
  for (const put of putHistory(id, rows, now)) {
    await retryOnBusyAsync(() => metricsDb().transaction(put)); // one a chunk: trainers write there too, and nobody sees rows without a run
    await turn();
  }
  const times = { createdAt: now, startedAt: null, finishedAt: null };
  const totalSteps = rows.at(-1)!.step;
  const row = { id, name, method, config: described, status: "finished" as const, totalSteps, origin: file, ...times };
  await retryOnBusyAsync(() => appDb().insert(runs).values(row).run());
  return { id, name, method, steps: rows.at(-1)!.step, left };
}

/** What a run logged as TensorBoard's event file, piece by piece. Times are those of its steps since it began. */
export function eventsOf(id: string): Generator<Buffer> {
  const run = requireRun(id);
  const began = (run.startedAt ?? run.createdAt) / 1000;
  return encodeEvents(scalarsOf(id, began), began);
}

function* scalarsOf(id: string, began: number): Generator<Scalars> {
  for (const { step, ...values } of rowsOf(id)) yield { step, wallTime: began + (values.elapsed ?? 0), values };
}
