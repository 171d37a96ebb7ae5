// What is left of findings once somebody has acted on them.
import type { CheckReport } from "../../../data-checks/checks-schema";
import { rowsFound } from "../../../data-checks/kept-findings";
import type { LabelledSet } from "../../../db/tables/training-sets";
import { statesOf } from "./row-states";
import { newestVersion } from "./versions";

/** By check how many of its rows are neither excluded nor changed since it was made. */
export function openFindings(set: LabelledSet, { checks, version }: CheckReport): Record<string, number> {
  const { number } = newestVersion(set);
  if (number === version) return Object.fromEntries(checks.map(({ check, rows }) => [check, rows]));
  return Object.fromEntries(
    checks.map(({ check }) => {
      const rows = rowsFound({ kind: "labelled", id: set.id }, check);
      const states = statesOf(set.id, number, rows);
      const isOpen = (row: number) => {
        const state = states.get(row);
        return state === undefined || (!state.excluded && state.number <= version);
      };
      return [check, rows.filter(isOpen).length];
    }),
  );
}
