// Where a resumed run begins: at its newest whole checkpoint, if it reads what it read up to there.
import { changedInputs } from "../../spec/events";
import { loadCheckpoint, type Trained } from "./checkpoint";
import { changesOf, type InputHashes } from "./inputs";
import type { Observer, Resume } from "./train";

/** From the newest whole checkpoint. Throws where the run has read something else since, unless that is allowed. */
export function restore(trained: Trained, resume: Resume[], allowChanged: boolean, { note }: Observer): void {
  for (const { folder, manifestHash } of resume) {
    let inputs: InputHashes | undefined;
    try {
      inputs = loadCheckpoint(folder, manifestHash, trained);
    } catch (error) {
      note(`left out a checkpoint: ${error instanceof Error ? error.message : error}`);
      continue;
    }
    const { step } = trained.optimizer;
    if (!inputs)
      note("this checkpoint is of an older version and does not say which data and weights it was trained on");
    const changes = inputs ? changesOf(inputs, trained.inputs) : [];
    if (changes.length > 0 && !allowChanged)
      throw new Error(
        `${changedInputs}: after step ${step} ${changes.join("; ")} (SHA-256). Put back what was there, or go on with what there is now: --allow-changed on the command line, “Resume with what is there now” on the run's page`,
      );
    if (changes.length > 0) note(`goes on although ${changes.join("; ")}`);
    note(`resumed from step ${step}`);
    return;
  }
}
