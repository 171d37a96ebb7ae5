// Who takes part in a method that samples: critic, judge, reference. All are adapters on the policy's own frozen base.
import type { GrpoConfig, IterativeDpoConfig, PpoConfig, RlooConfig } from "./config";
import { tf } from "./engine/tensorflow";
import type { RoundRoles } from "./methods/iterative-dpo";
import type { PpoRoles } from "./methods/ppo";
import { createCritic } from "./models/critic";
import { type Adapter, cloneAdapter } from "./models/lora";
import type { ChatTokenizer } from "./models/tokenizer";
import type { Model } from "./models/transformer";
import { createReward } from "./rewards";
import type { Roles } from "./rollout";

export function ppoRoles(
  config: PpoConfig,
  model: Model,
  policy: Adapter,
  reference: Adapter | null,
  tokenizer: ChatTokenizer,
): PpoRoles {
  const { reward, normalizeReward, klCoefficient } = config.ppo;
  return {
    critic: createCritic(config, model.config, policy),
    reward: createReward(reward, normalizeReward, model, tokenizer),
    reference,
    tokenizer,
    controller: { klCoefficient },
  };
}

/** Of a method without a critic. */
export function groupRoles(
  { normalizeReward, reward }: RlooConfig["rloo"] | GrpoConfig["grpo"],
  model: Model,
  reference: Adapter | null,
  tokenizer: ChatTokenizer,
): Roles {
  return { critic: null, reward: createReward(reward, normalizeReward, model, tokenizer), reference, tokenizer };
}

/** `policy` as it stands is the first reference: call it before a checkpoint is restored. */
export function roundRoles(
  { iterativeDpo, adapter }: IterativeDpoConfig,
  model: Model,
  policy: Adapter,
  tokenizer: ChatTokenizer,
): RoundRoles {
  const judge = createReward(iterativeDpo.judge, true, model, tokenizer);
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
