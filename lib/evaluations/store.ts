// Results of evaluations, as rows.
import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import type { EvaluationReport, EvaluationSettings } from "../../spec/evaluations";
import { type HeldBase, isHeldAlike } from "../../spec/fields/model";
import { isFromScratch } from "../../spec/methods/sft";
import { isReadable } from "../datasets/require-readable";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { evaluations } from "../db/tables/evaluations";
import type { Run } from "../db/tables/runs";
import { heldBaseOf } from "../runs/chat-subject";

export type StoredEvaluation = typeof evaluations.$inferSelect;

/** A base and how it is held. */
export interface Base extends HeldBase<string> {
  source: string;
  dtype: string;
}

export const baseOf = ({ config }: Run): Base => ({
  source: config.model.source,
  dtype: "dtype" in config.model && config.model.dtype ? config.model.dtype : "float32",
  ...heldBaseOf(config),
});

/** What a run is compared with: nothing where it began at random weights. */
export const comparedWith = (run: Run): Base | null => (isFromScratch(run.config) ? null : baseOf(run));

export const isSameBase = (a: Base, b: Base): boolean =>
  a.source === b.source && a.dtype === b.dtype && isHeldAlike(a, b);

const ofBase = ({ source, dtype, quantisation, unquantised }: Base) =>
  and(
    isNull(evaluations.runId),
    eq(evaluations.source, source),
    eq(evaluations.dtype, dtype),
    quantisation === null ? isNull(evaluations.quantisation) : eq(evaluations.quantisation, quantisation),
    eq(evaluations.unquantised, unquantised),
  );

/** Of a base as it came. */
export const evaluationsOfBase = (base: Base): StoredEvaluation[] =>
  appDb().select().from(evaluations).where(ofBase(base)).orderBy(evaluations.id).all();

/** A model as it came, in each way that it was held when something was asked of it. */
export const basesOf = (source: string): Base[] =>
  appDb()
    .selectDistinct({
      source: evaluations.source,
      dtype: evaluations.dtype,
      quantisation: evaluations.quantisation,
      unquantised: evaluations.unquantised,
    })
    .from(evaluations)
    .where(and(isNull(evaluations.runId), eq(evaluations.source, source)))
    .orderBy(evaluations.dtype, evaluations.quantisation, evaluations.unquantised)
    .all();

/** But for those on a dataset that whoever asks may not read, which name it. */
export const evaluationsOfRun = (id: string): StoredEvaluation[] =>
  appDb()
    .select()
    .from(evaluations)
    .where(eq(evaluations.runId, id))
    .orderBy(evaluations.id)
    .all()
    .filter(({ settings }) => isReadable(settings.preferences?.rows ?? ""));

/** Text that is the same for the same settings. */
export const settingsKey = ({ folder, limit, fewShot, chatTemplate, preferences }: EvaluationSettings): string =>
  JSON.stringify([folder, limit, fewShot, chatTemplate, preferences && Object.values(preferences)]);

interface Evaluated {
  /** Null: the base itself. */
  run: { id: string; step: number } | null;
  base: Base;
  settings: EvaluationSettings;
  startedBy: number | null;
}

/** Keeps what was found, in place of what had been found in the same way, once no other program is writing: it may have taken an hour to find. */
export const keepEvaluation = (evaluated: Evaluated, report: EvaluationReport, now: number): Promise<void> =>
  retryOnBusyAsync(() => appDb().transaction(() => keep(evaluated, report, now), { behavior: "immediate" }));

/** Part of a transaction. */
function keep({ run, base, settings, startedBy }: Evaluated, { harness, tasks }: EvaluationReport, now: number): void {
  const own = run === null ? ofBase(base) : eq(evaluations.runId, run.id);
  for (const old of appDb().select().from(evaluations).where(own).all())
    if (settingsKey(old.settings) === settingsKey(settings) && tasks.some(({ name }) => name === old.result.name))
      appDb().delete(evaluations).where(eq(evaluations.id, old.id)).run();
  for (const result of tasks)
    appDb()
      .insert(evaluations)
      .values({
        ...base,
        ...{ runId: run?.id ?? null, step: run?.step ?? null, asked: result.asked },
        ...{ settings, result, harness, startedBy, createdAt: now },
      })
      .run();
}
