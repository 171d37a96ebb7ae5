// Results of runs beside those of the models that they were trained from: a metric a row.
import "server-only";
import { runOfPath } from "../../common/env";
import { heldWords } from "../../spec/fields/model";
import { mean } from "../../spec/statistics";
import type { Run } from "../db/tables/runs";
import { getRun } from "../runs/attempts";
import { interval } from "../runs/compare/student";
import type { EvaluationCell, EvaluationTable } from "./evaluation-schema";
import {
  type Base,
  basesOf,
  comparedWith,
  evaluationsOfBase,
  evaluationsOfRun,
  isSameBase,
  type StoredEvaluation,
  settingsKey,
} from "./store";

type Metric = StoredEvaluation["result"]["metrics"][number];
type Measured = Metric & { n: number; step: number | null };

/** Bases first, each once; a run stands for itself as it was evaluated last. */
export function evaluationTableOf(runs: Run[]): EvaluationTable {
  const bases: Base[] = [];
  for (const base of runs.map(comparedWith))
    if (base !== null && !bases.some((one) => isSameBase(one, base))) bases.push(base);
  const models = [
    ...bases.map((base) => ({ name: baseName(base, bases), run: null, base: null, found: evaluationsOfBase(base) })),
    ...runs.map((run) => {
      const own = comparedWith(run);
      const base = own && bases.findIndex((one) => isSameBase(one, own));
      return { name: run.name, run: run.id, base, found: evaluationsOfRun(run.id) };
    }),
  ];
  return tableOf(models, ({ run }) => run !== null); // a base alone tells of no run
}

/** A model as it came, once for each way in which it was held. */
export function evaluationTableOfBase(source: string): EvaluationTable {
  const bases = basesOf(source);
  const models = bases.map((base) => ({
    ...{ name: baseName(base, bases), run: null, base: null },
    found: evaluationsOfBase(base),
  }));
  return tableOf(models, () => true);
}

interface Evaluated {
  name: string;
  run: string | null;
  /** Of a run, which of the models it was trained from; null where there is none. */
  base: number | null;
  found: StoredEvaluation[];
}

/** A row for every metric that was found of one of the models that `tells`. */
function tableOf(models: Evaluated[], tells: (model: Evaluated) => boolean): EvaluationTable {
  const asked = models.filter(tells).flatMap(({ found }) => found);
  const rows = new Map<string, EvaluationTable["rows"][number]>();
  for (const { settings, result } of asked)
    for (const { name, higherIsBetter } of result.metrics) {
      const key = JSON.stringify([result.name, name, settingsKey(settings)]);
      if (rows.has(key)) continue;
      const measured = models.map(({ found }) => measuredIn(found, result.name, name, settingsKey(settings)));
      const cells = measured.map((one, i) => {
        const base = models[i]!.base;
        return one && cellOf(one, base === null ? null : measured[base]!);
      });
      const isShare = measured.every((one) => one === null || (one.value >= 0 && one.value <= 1)) && shares.test(name);
      rows.set(key, { task: result.name, metric: name, settings, higherIsBetter, isShare, cells });
    }
  return {
    models: models.map(({ name, run }) => ({ name, run })),
    rows: [...rows.values()].sort((a, b) => a.task.localeCompare(b.task)),
  };
}

/** What lm-eval calls the share of right answers. */
const shares = /acc|exact_match|\bem\b|f1|pass@/;

/** Its name, and how it is held where another is the same one held otherwise. */
const baseName = ({ source, dtype, ...held }: Base, all: Base[]): string =>
  all.filter((one) => one.source === source).length > 1
    ? `${nameOf(source)} (${heldWords(held) ?? dtype})`
    : nameOf(source);

/** What a run has left, as a pipeline's pre-training, has the run's name. */
function nameOf(source: string): string {
  const id = runOfPath(source);
  return (id === null ? undefined : getRun(id)?.name) ?? source;
}

function measuredIn(found: StoredEvaluation[], task: string, metric: string, settings: string): Measured | null {
  const one = found.findLast(({ result, settings: own }) => result.name === task && settingsKey(own) === settings);
  const measured = one?.result.metrics.find(({ name }) => name === metric);
  return one && measured ? { ...measured, n: one.result.n, step: one.step } : null;
}

function cellOf(measured: Measured, base: Measured | null): EvaluationCell {
  const { value, error, n, step } = measured;
  return { value, error, n, step, difference: base && differenceOf(base, measured) };
}

/** Over the rows where both have them, which were the same for both: their difficulty falls out. Else by the two standard errors. */
function differenceOf(base: Measured, own: Measured): EvaluationCell["difference"] {
  const delta = own.value - base.value;
  const half = halfOf(base, own);
  const isClear = half !== null && Math.abs(delta) > half;
  return { delta, half, better: isClear && own.higherIsBetter !== null ? delta > 0 === own.higherIsBetter : null };
}

function halfOf(base: Measured, own: Measured): number | null {
  const { rows } = own;
  if (rows && base.rows && rows.length === base.rows.length && rows.length > 1) {
    const each = rows.map((value, i) => value - base.rows![i]!);
    return each.every((one) => one === mean(each)) ? 0 : interval(each).half;
  }
  return base.error === null || own.error === null ? null : 1.96 * Math.hypot(base.error, own.error);
}
