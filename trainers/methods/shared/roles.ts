// Who takes part in a method that samples: critic, judge, reference. All are adapters on the policy's own frozen base.

import type { Check } from "../../../spec/checks";
import type { RunConfig } from "../../../spec/config";
import { rewardSource } from "../../../spec/fields/rewards";
import { methodOf } from "../../../spec/methods/all";
import type { IterativeDpoConfig } from "../../../spec/methods/iterative-dpo";
import type { PpoConfig } from "../../../spec/methods/ppo";
import { mean } from "../../../spec/statistics";
import { type Adapter, cloneAdapter } from "../../adapters/adapter";
import { tf } from "../../engine/tensorflow";
import { createCritic } from "../../models/critic";
import type { ChatTokenizer } from "../../models/tokenizer";
import type { Model } from "../../models/transformer";
import { checkReward } from "../../rewards/check-reward";
import { byData, byPeople, byScore, type Judge } from "../../rewards/judges";
import { panelIn } from "../../rewards/panel";
import { createReward, type Reward, withFirstScores } from "../../rewards/rewards";
import type { RoundRoles } from "../iterative-dpo/method";
import type { PpoRoles } from "../ppo/method";
import type { Roles } from "./rollout";

/** What a run's answers are scored with; null where nothing is. */
export function runReward(config: RunConfig, model: Model, tokenizer: ChatTokenizer): Reward | null {
  const source = methodOf(config).scoredBy(config);
  return source && createReward(source.reward, source.normalizeReward, model, tokenizer);
}

/** A reward model by its folder. */
export const chosenReward = (folder: string, model: Model, tokenizer: ChatTokenizer): Reward =>
  createReward(rewardSource.parse({ model: folder }), true, model, tokenizer);

/** A reward that checks itself on the first answers of a run, which are the base's own where the policy starts as its base. */
export function checkedReward(
  reward: Reward,
  { checked, note }: { checked(check: Check): void; note(text: string): void },
): Reward {
  return withFirstScores(reward, ({ standardized, scores }) => {
    if (standardized.length === 0) return;
    const { holds, detail } = checkReward(standardized.map(mean), scores.length);
    if (holds) checked({ name: "reward", detail });
    else note(detail);
  });
}

export const ppoRoles = (
  config: PpoConfig,
  model: Model,
  policy: Adapter,
  judged: Omit<Roles, "critic">,
): PpoRoles => ({
  ...judged,
  critic: createCritic(config, model.config, policy),
  controller: { klCoefficient: config.ppo.klCoefficient },
});

/** `policy` as it stands is the first reference: call it before a checkpoint is restored. `score` is what its answers are scored with, if anything does. */
export function roundRoles(
  { iterativeDpo, adapter, output }: IterativeDpoConfig,
  policy: Adapter,
  score: Reward | null,
  tokenizer: ChatTokenizer,
  observer: AskingObserver,
): RoundRoles {
  const judge = judgeOf(iterativeDpo, output, score, tokenizer, observer);
  if (iterativeDpo.reference === "initial") {
    const reference = adapter!.init === undefined ? null : cloneAdapter(policy);
    return { judge, reference, moveReference() {}, tokenizer };
  }
  const weights = new Map([...policy.weights].map(([name, value]) => [name, tf.variable(value.clone(), false)]));
  const moveReference = () => {
    for (const [name, variable] of weights) variable.assign(policy.weights.get(name)!);
  };
  return { judge, reference: { ...policy, weights }, moveReference, tokenizer };
}

interface AskingObserver {
  note(text: string): void;
  waiting(asked: { round: number; request: string; answer: string }): void;
}

function judgeOf(
  { chosen, judge: { queue } }: IterativeDpoConfig["iterativeDpo"],
  output: string,
  score: Reward | null,
  tokenizer: ChatTokenizer,
  { note, waiting }: AskingObserver,
): Judge {
  if (chosen === "data") return byData(tokenizer.ends);
  if (queue === null) return byScore(score!);
  return byPeople(panelIn(output, queue, waiting), tokenizer, note);
}
