// A reward model that another program serves, by OpenRLHF's remote protocol (0.11): {"query", "prompts", "labels"} posted as JSON, {"rewards"} back. A
// field "rows" stands beside them, which OpenRLHF's servers pass over.
import { isRecord } from "../../common/json";
import type { Text } from "../../spec/chat";
import type { ForReward } from "../data/dataset";
import { chunks } from "../data/row-batches";
import { quoted, type Server, type ServerOptions, serverAt } from "../programs/post";

export interface Asked {
  /** The prompt as the policy reads it. */
  prompt: string;
  /** The same with the answer after it. */
  query: string;
  /** What it was read from, for `workbench serve-reward` and whoever else reads rows. */
  row?: { prompt: Text } & ForReward;
}

const atOnce = 64;

/** A reward for each answer, null where the server has none. Throws a sentence with the address and what came back where there is none. */
export function remoteRewards(address: string, options?: ServerOptions): (asked: Asked[]) => (number | null)[] {
  const server = serverAt(address, "reward server", "rewards", options);
  const ofSome = (asked: Asked[]): (number | null)[] => {
    const answer = server.ask({
      query: asked.map(({ query }) => query),
      prompts: asked.map(({ prompt }) => prompt),
      labels: asked.map(({ row }) => row?.truth ?? ""), // OpenRLHF sends "" where its data have none
      ...(asked.every(({ row }) => row) && { rows: asked.map(({ row }) => row) }),
    });
    return rewardsIn(answer, asked.length, server);
  };
  return (asked) => chunks(asked, atOnce).flatMap(ofSome);
}

function rewardsIn(answer: unknown, count: number, { refused }: Server): (number | null)[] {
  const rewards: unknown = isRecord(answer) ? answer.rewards : undefined;
  if (!Array.isArray(rewards)) throw refused(`sent no list of "rewards": ${quoted(JSON.stringify(answer))}`);
  if (rewards.length !== count) throw refused(`was sent ${count} answers and sent back ${rewards.length} rewards`);
  const wrong = rewards.findIndex((one) => one !== null && (typeof one !== "number" || !Number.isFinite(one)));
  if (wrong >= 0)
    throw refused(
      `sent ${shown(rewards[wrong])} for answer ${wrong + 1} of ${count}; a finite number is expected, or null`,
    );
  return rewards as (number | null)[];
}

const shown = (value: unknown) => (typeof value === "number" ? String(value) : JSON.stringify(value));
