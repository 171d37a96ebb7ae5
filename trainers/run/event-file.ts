// A run's news as lines of its events file.
import { futimesSync, openSync } from "node:fs";
import { appendWhole, whenThereIsRoom } from "../../common/full-disk";
import { jsonLine, type TrainerEvent } from "../../spec/events";
import type { Observer } from "./observer";

export interface EventFile {
  emit(event: TrainerEvent): void;
  /** A new date on the file is a sign of life. */
  touch(): void;
}

export function openEvents(path: string): EventFile {
  const file = whenThereIsRoom(() => openSync(path, "a"));
  return {
    // one write, so that a kill leaves whole lines, and at most one cut off
    emit: (event) => appendWhole(file, Buffer.from(jsonLine({ ...event, at: Date.now() }))),
    touch() {
      const now = new Date();
      futimesSync(file, now, now);
    },
  };
}

export const observerOf = ({ emit }: EventFile): Observer => ({
  note: (text) => emit({ event: "note", text }),
  started: ({ step, totalSteps, trainRows, heldOutRows, parameters }) =>
    emit({ event: "started", step, totalSteps, trainRows, heldOutRows, parameters }),
  metrics: ({ step, ...values }) => emit({ event: "metrics", step, values }),
  answers: (step, samples) => emit({ event: "samples", step, samples }),
  alert: (alert) => emit({ event: "alert", ...alert }),
  histogram: (step, name, histogram) => emit({ event: "distribution", step, name, ...histogram }),
  rollouts: (step, rollouts) => emit({ event: "rollouts", step, rollouts }),
  checkpoint: (step, folder, manifestHash) => emit({ event: "checkpoint", step, folder, manifestHash }),
  waiting: (asked) => emit({ event: "waiting", ...asked }),
  checked: (check) => emit({ event: "check", ...check }),
});
