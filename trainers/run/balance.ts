// The load-balancing loss of a mixture of experts, added to a method's own, and the load of its experts as metrics.
import type { RunConfig } from "../../spec/config";
import type { Tree } from "../engine/jit/compile";
import { maskedMean } from "../engine/loss-output";
import type { tf } from "../engine/tensorflow";
import { balanceOf } from "../inference/routing";
import type { Context, Method } from "../methods/method";
import type { ModelConfig } from "../models/config";

/** The run's own, or Transformers' rule: config.json's where it asks for the routers' logits. Throws where there is nothing to balance. */
export function balanceCoefficient({ model: { balanceCoefficient: asked } }: RunConfig, model: ModelConfig): number {
  if (asked && !model.mixture)
    throw new Error(
      `model.balanceCoefficient ${asked} balances a mixture of experts, and this model (${model.family}) has none; leave it empty`,
    );
  return asked ?? model.mixture?.balance ?? 0;
}

/** `method` as the loop trains it. Only what the policy routes in the loss counts: no reference, critic or rollout. */
export function balanced<Batch extends Tree>(
  method: Method<Batch>,
  { model, policy }: Context,
  coefficient: number,
): Method<Batch> {
  const { mixture } = model.config;
  if (!mixture) return method;
  return {
    ...method,
    loss(batch) {
      const routing = { adapter: policy, passes: [] };
      model.routing = routing;
      const output = method.loss(batch);
      delete model.routing;
      if (routing.passes.length === 0) return output;
      const { loss, load } = balanceOf(routing.passes, mixture);
      return {
        ...output,
        loss: coefficient === 0 ? output.loss : output.loss.add<tf.Scalar>(loss.mul(coefficient)),
        stats: { ...output.stats, aux_loss: maskedMean(loss), ...load },
      };
    },
  };
}
