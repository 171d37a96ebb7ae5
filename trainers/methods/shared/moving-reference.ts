// A reference that follows the policy (TR-DPO: Gorbatovski et al. 2024, arXiv 2404.09656), number by number of what is trained. With an
// adapter these are its own weights, of LoRA A and B and not their product: over every weight, and with α = 1, it is what TRL does.
import type { MovingReference } from "../../../spec/fields/pairs";
import { type Adapter, cloneAdapter } from "../../engine/adapter";
import type { Variables } from "../../engine/gradients";
import { tf } from "../../engine/tensorflow";
import type { FrozenPolicy } from "../../inference/frozen-policy";
import { createReference, memoryCache } from "../../inference/reference";
import { trainableWeights } from "../../models/weights";
import type { Context, Method, Setup } from "../method";

interface Follower {
  reference: FrozenPolicy;
  variables: Variables;
  /** Their soft update π_ref ← α π + (1 − α) π_ref; α = 1 is the hard one. */
  follow(alpha: number): void;
}

/** A copy of the policy as it stands: call this before a checkpoint is restored. */
export function followerOf(context: Context): Follower {
  const { reference, variables } = context.policy ? copyOfAdapter(context, context.policy) : copyOfModel(context);
  const policy = context.policy?.weights ?? context.whole!.variables;
  const follow = (alpha: number) =>
    tf.tidy(() => {
      for (const [name, variable] of variables) {
        const target = policy.get(name)!;
        variable.assign(alpha === 1 ? target : variable.mul(1 - alpha).add(target.mul(alpha)));
      }
    });
  return { reference, variables, follow };
}

function copyOfAdapter({ model }: Context, policy: Adapter): Omit<Follower, "follow"> {
  const copies = [...cloneAdapter(policy).weights].map(([name, value]) => [name, tf.variable(value, false)] as const);
  const variables = new Map(copies);
  return { reference: { model, adapter: { ...policy, weights: variables } }, variables };
}

function copyOfModel({ model, whole }: Context): Omit<Follower, "follow"> {
  const { weights, variables } = trainableWeights(model.config, whole!.start, model.weights.dtype);
  return { reference: { model: { ...model, weights }, adapter: null }, variables };
}

type Scored = Required<Pick<Method<never>, "referenceScores">> & Pick<Method<never>, "reference" | "afterStep">;

/** What a method with a reference has of it: scores that are kept between runs, or those of one that moves every so many steps. */
export function scoredReference(setup: Setup, { refModelSyncSteps, refModelMixupAlpha }: MovingReference): Scored {
  if (refModelSyncSteps === null) return { referenceScores: setup.createReferenceScores() };
  const { reference, variables, follow } = followerOf(setup.context);
  const cache = memoryCache();
  return {
    referenceScores: createReference({ ...reference, cache, pad: setup.tokenizer.pad }),
    reference: { adapter: reference.adapter, variables },
    afterStep(step) {
      if (step % refModelSyncSteps !== 0) return;
      follow(refModelMixupAlpha);
      cache.clear();
    },
  };
}
