// For other programs: the rows of a run as its steps take them.
import type { RunConfig } from "../../spec/config";
import { methodOf } from "../../spec/methods/all";
import { isSampled, samplingOf } from "../../spec/methods/sampling-of";
import type { Rows } from "../data/epochs";
import { batchRows } from "../data/row-batches";
import { totalStepsOf } from "./loop";

/** A row comes as often as it is taken: by a step, or to be asked in an update of several. */
export function takenRows<Row>(config: RunConfig, rows: Rows<Row>): { steps: number; taken: Row[] } {
  const stepsPerRollout = methodOf(config).stepsPerRollout(config);
  const perUpdate = isSampled(config) ? samplingOf(config).prompts : methodOf(config).rowsPerStep(config);
  const updates = Math.ceil((config.epochs * rows.length) / perUpdate);
  const steps = totalStepsOf(config, rows.length, { stepsPerRollout, totalSteps: updates * stepsPerRollout });
  const taken = Array.from({ length: steps / stepsPerRollout }, (_, update) =>
    batchRows(rows, perUpdate, update, config.data.order, config.seed),
  );
  return { steps, taken: taken.flat() };
}
