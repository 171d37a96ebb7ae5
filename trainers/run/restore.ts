// The state that a run trains, and how a resumed run restores it from its newest complete checkpoint.
import type { RunConfig } from "../../spec/config";
import type { Variables } from "../engine/gradients";
import type { tf } from "../engine/tensorflow";
import type { Method } from "../methods/method";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { headName } from "../models/head-name";
import { namesOf } from "../models/names";
import { scorerCompanions } from "../models/scorer-config";
import { loadCheckpoint, noProgress, type Trained } from "./checkpoint";
import { changesOf, type InputHashes, refuseChanges } from "./inputs";
import type { Observer } from "./observer";
import { createOptimizer } from "./optimizer";
import type { Policy } from "./policy";

export interface Resume {
  folder: string;
  manifestHash: string;
}

/** Everything that steps change: the policy, what the method trains alongside it, the optimiser's moments. */
export function createTrained(
  config: RunConfig,
  { context, variables: policyVariables }: Policy,
  method: Pick<Method<never>, "head" | "stepSeparator" | "critic" | "reference" | "controller">,
  inputs: InputHashes,
  files: Pick<LoadedFiles, "companions" | "tokenizer">,
): Trained {
  const { policy } = context;
  const { head, stepSeparator, critic, reference, controller } = method;
  const heads = head ? ([[headName, head]] as const) : [];
  // A reward model whose every weight is trained has no output head: Transformers' has none either.
  const outputHead = head && context.whole ? `${namesOf(context.model.config).head}.weight` : null;
  const variables: Variables = new Map<string, tf.Variable>([
    ...[...policyVariables].filter(([name]) => name !== outputHead),
    ...heads,
    ...(critic?.variables ?? []),
  ]);
  return {
    adapter: policy && { ...policy, weights: new Map([...policy.weights, ...heads]) },
    variables,
    optimizer: createOptimizer(config.optimizer, variables, config.output),
    base: config.model.source,
    held: config.model,
    companions: policy ? null : () => (head ? scorerCompanions(files) : files.companions()),
    inputs,
    progress: noProgress(),
    ...(stepSeparator !== undefined && { stepSeparator }),
    ...(critic && { critic }),
    ...(reference && { reference }),
    ...(controller && { controller }),
  };
}

/** From the newest complete checkpoint. Throws if the run's input files have changed since, unless that is allowed. */
export function restore(trained: Trained, resume: Resume[], allowChanged: boolean, { note }: Observer): void {
  for (const { folder, manifestHash } of resume) {
    let inputs: InputHashes | undefined;
    try {
      inputs = loadCheckpoint(folder, manifestHash, trained);
    } catch (error) {
      note(`skipped a checkpoint: ${error instanceof Error ? error.message : error}`);
      continue;
    }
    const { step } = trained.optimizer;
    if (!inputs)
      note("this checkpoint is of an older version and does not say which data and weights it was trained on");
    const changes = inputs ? changesOf(inputs, trained.inputs) : [];
    if (!allowChanged) refuseChanges(step, changes);
    if (changes.length > 0) note(`goes on although ${changes.join("; ")}`);
    note(`resumed from step ${step}`);
    return;
  }
}
