// The sets that a form names, as a launch asks for them, and what they come to together.
import type { Mix } from "@/lib/runs/chosen-sets";
import { chosenBy, setKey, type TrainingSet } from "@/lib/runs/run-schema";
import { unsuited } from "@/lib/runs/unsuited";
import type { Method, RunConfig } from "@/spec/config";
import type { Problem } from "@/spec/errors";
import { methodOf } from "@/spec/methods/all";
import type { Counted } from "@/spec/methods/method";
import { isWeight } from "./data-sets";

interface Chosen {
  set: string;
  mix: Mix | null;
  evaluation: string;
}

/** Every set with its weight, the first one first. */
const weighed = ({ set, mix }: Pick<Chosen, "set" | "mix">) => [
  { set, weight: mix?.weight ?? "1" },
  ...(mix?.others ?? []),
];

/** As `/api/runs` takes it. */
export const describedData = ({ set, mix, evaluation }: Chosen) => ({
  data: mix
    ? weighed({ set, mix }).map(({ set, weight }) => ({ ...chosenBy(set), weight: Number(weight) }))
    : chosenBy(set),
  ...(evaluation && { evaluation: chosenBy(evaluation) }),
});

/** The held-out share once another evaluation set is chosen: none beside one, and what it was when that is taken back. */
export function heldOutBeside(next: string, before: { evaluation: string; heldOut: unknown; kept: unknown }) {
  const kept = before.evaluation === "" ? before.heldOut : before.kept;
  return { heldOut: next === "" ? kept : 0, kept };
}

/** What is wrong with the sets for a method. */
export function setProblems(method: Method, chosen: Chosen, sets: TrainingSet[]): Problem[] {
  const found = (key: string) => sets.filter((one) => setKey(one) === key);
  const trained = weighed(chosen);
  const weights = trained.filter(({ weight }) => !isWeight(weight));
  return [
    ...trained.flatMap(({ set }) => found(set).flatMap((one) => unsuited(method, one))),
    ...found(chosen.evaluation).flatMap((one) => unsuited(method, one, "data.eval")),
    ...weights.slice(0, 1).map(() => ({ path: "data.train", message: "weights are more than 0 and at most 100" })),
  ];
}

/** The sets as a reward model of this criterion reads them: their pairs are those that are rated differently on it. */
export const readBy = (sets: TrainingSet[], criterion: string | null): TrainingSet[] =>
  sets.map((set) => {
    const rated = set.criteria?.find(({ name }) => name === criterion);
    return rated ? { ...set, rows: rated.pairs, pairs: rated.pairs } : set;
  });

/** What the answers of the chosen sets are rated on. */
export const criteriaOf = (chosen: Pick<Chosen, "set" | "mix">, sets: TrainingSet[]) =>
  weighed(chosen).flatMap(({ set }) => sets.find((one) => setKey(one) === set)?.criteria ?? []);

/** What the method learns from in an epoch of all sets, of which each is read to the row limit. */
export function learnedFrom(method: Method, chosen: Chosen, sets: TrainingSet[], maxRows: number | null): Counted {
  const { counted } = methodOf({ method });
  const parts = weighed(chosen).flatMap(({ set, weight }) =>
    sets
      .filter((one) => setKey(one) === set)
      .map((one) => ({ ...counted(limited(one, maxRows)), weight: Number(weight) || 0 })),
  );
  const count = parts.reduce((sum, { count, weight }) => sum + Math.round(count * weight), 0);
  return { count, words: parts[0]?.words ?? "pairs" };
}

/** Its first rows; of what is counted in them as large a share as of the rows. */
function limited(set: TrainingSet, maxRows: number | null): TrainingSet {
  if (maxRows === null || maxRows >= set.rows) return set;
  const share = (count: number) => Math.round((count * maxRows) / set.rows);
  return { ...set, rows: maxRows, pairs: share(set.pairs), imitated: share(set.imitated), equal: 0 };
}

/** What an evaluation costs where a set of its own is evaluated on, as that is read whole each time; null where it is but a part of a run. */
export function evaluationCost(config: RunConfig, { evaluation }: Chosen, sets: TrainingSet[], learned: Counted) {
  const set = sets.find((one) => setKey(one) === evaluation);
  if (!set || config.evalEvery === null || methodOf(config).onPolicy) return null;
  const { count } = methodOf(config).counted(set);
  const between = config.evalEvery * methodOf(config).rowsPerStep(config);
  if (count <= Math.max(between, learned.count / 10)) return null;
  const message = `each evaluation reads all ${count.toLocaleString("en")} ${learned.words} of ${set.name}, and ${config.evalEvery} steps between two train on ${between.toLocaleString("en")}`;
  return { path: "evalEvery", message } satisfies Problem;
}
