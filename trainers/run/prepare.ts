// From a run's config to its rows and its method: the only place that knows every method.
import type { Check } from "../../spec/checks";
import type { RunConfig } from "../../spec/config";
import type { Dataset } from "../data/dataset";
import {
  answeredRows,
  pairRows,
  promptOf,
  promptRows,
  rankedRows,
  replayedPrompts,
  rewardRows,
  supervisedRows,
  unpairedRows,
  withLongestAnswer,
} from "../data/method-rows";
import { listGroup, pairGroup, singleGroup, type Tokens, unpairedGroup } from "../data/tokenize";
import type { Tree } from "../engine/jit/compile";
import type { tf } from "../engine/tensorflow";
import type { Reference } from "../inference/reference";
import { cpo } from "../methods/cpo/method";
import { dpo } from "../methods/dpo/method";
import { grpo } from "../methods/grpo/method";
import { iterativeDpo, type RoundRoles } from "../methods/iterative-dpo/method";
import { kto } from "../methods/kto/method";
import { listwise } from "../methods/listwise/method";
import type { Context, Method } from "../methods/method";
import { orpo } from "../methods/orpo/method";
import { type PpoRoles, ppo } from "../methods/ppo/method";
import { readReplay } from "../methods/ppo/replay";
import { reward } from "../methods/reward/method";
import { rloo } from "../methods/rloo/method";
import { sft } from "../methods/sft/method";
import type { Roles } from "../methods/shared/rollout";
import { simpo } from "../methods/simpo/method";
import type { ChatTokenizer } from "../models/tokenizer";

export interface Prepared {
  dataset: Dataset<unknown>;
  /** Every row as the sequences that share its prompt. */
  groups: Tokens[][];
  /** The training rows as a token file lays them out. */
  written: unknown[];
  createMethod(parts: Parts): Method<Tree>;
}

interface Parts {
  context: Context;
  /** Of a method that has one. */
  reference: Reference | undefined;
  /** score.weight of a reward model, [1, d]. */
  head: tf.Tensor2D | undefined;
  /** PPO's. */
  roles: PpoRoles | undefined;
  /** RLOO's and GRPO's. */
  groupRoles: Roles;
  /** Iterative DPO's. */
  rounds: RoundRoles | undefined;
  /** Takes what a method finds to hold while it runs. */
  checked(check: Check): void;
}

/** A dataset with its groups and its method; the batch of a method is its own affair. */
function prepared<Row, Batch extends Tree>(
  dataset: Dataset<Row>,
  group: (row: Row) => Tokens[],
  createMethod: (parts: Parts, dataset: Dataset<Row>) => Method<Batch>,
  write: (row: Row) => unknown = (row) => row,
): Prepared {
  return {
    dataset,
    groups: [...dataset.train, ...dataset.heldOut].map(({ tokens }) => group(tokens)),
    written: dataset.train.map(({ tokens }) => write(tokens)),
    createMethod: (parts) => createMethod(parts, dataset) as unknown as Method<Tree>,
  };
}

/** The rows of a run, and its method over them. */
export async function prepare(config: RunConfig, tokenizer: ChatTokenizer): Promise<Prepared> {
  switch (config.method) {
    case "sft":
      return prepared(await supervisedRows(config, tokenizer), singleGroup, ({ context }, rows) =>
        sft(context, config, rows),
      );
    case "dpo":
      return prepared(await pairRows(config, tokenizer), pairGroup, ({ context, reference }, rows) =>
        dpo(context, reference!, config, rows),
      );
    case "listwise":
      return prepared(await rankedRows(config, tokenizer), listGroup, ({ context, reference }, rows) =>
        listwise(context, reference!, config, rows),
      );
    case "simpo":
      return prepared(await pairRows(config, tokenizer, true), pairGroup, ({ context }, rows) =>
        simpo(context, config, rows),
      );
    case "cpo":
      return prepared(await pairRows(config, tokenizer, true), pairGroup, ({ context }, rows) =>
        cpo(context, config, rows),
      );
    case "orpo":
      return prepared(await pairRows(config, tokenizer, true), pairGroup, ({ context }, rows) =>
        orpo(context, config, rows),
      );
    case "ppo": {
      const replay = config.ppo.replay === null ? null : readReplay(config.ppo.replay, tokenizer.eos);
      return prepared(
        replay ? replayedPrompts(replay) : await promptRows(config, tokenizer),
        (prompt) => [withLongestAnswer(prompt, config.ppo.responseLength + 1)],
        ({ context, roles, checked }, rows) => ppo(context, roles!, config, rows, replay, checked),
      );
    }
    case "rloo":
      return prepared(
        await promptRows(config, tokenizer),
        (prompt) => [withLongestAnswer(prompt, config.rloo.responseLength)],
        ({ context, groupRoles, checked }, rows) => rloo(context, groupRoles, config, rows, checked),
      );
    case "grpo":
      return prepared(
        await promptRows(config, tokenizer),
        (prompt) => [withLongestAnswer(prompt, config.grpo.responseLength)],
        ({ context, groupRoles, checked }, rows) => grpo(context, groupRoles, config, rows, checked),
      );
    case "iterative-dpo":
      return prepared(
        config.iterativeDpo.chosen === "data"
          ? await answeredRows(config, tokenizer)
          : await promptRows(config, tokenizer),
        (row) => {
          const longest = withLongestAnswer(promptOf(row), config.iterativeDpo.responseLength);
          return [row.completion_mask.includes(1) ? row : longest, longest];
        },
        ({ context, rounds }, rows) => iterativeDpo(context, rounds!, config, rows),
      );
    case "kto":
      return prepared(
        await unpairedRows(config, tokenizer),
        unpairedGroup,
        ({ context, reference }, rows) => kto(context, reference!, config, rows),
        ({ answer, label, partner }) => ({
          ...answer,
          label,
          KL_input_ids: partner.input_ids,
          KL_completion_mask: partner.completion_mask,
        }),
      );
    case "reward":
      return prepared(
        await rewardRows(config, tokenizer),
        pairGroup,
        ({ context, head }, rows) => reward(context, head!, config, rows),
        ({ chosen, rejected, margin }) => ({
          chosen: { input_ids: chosen.input_ids },
          rejected: { input_ids: rejected.input_ids },
          ...(margin !== undefined && { margin }),
        }),
      );
  }
}
