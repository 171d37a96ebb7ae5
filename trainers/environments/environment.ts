// An environment: somebody's function or server that is shown conversations and goes on with each, or ends it. It keeps nothing itself; what it has
// to remember it finds in the conversation, in the row, or under the episode's name.
import { z } from "zod";
import { type Message, message } from "../../spec/chat";
import type { RunConfig } from "../../spec/config";
import type { Environment as Given } from "../../spec/fields/environment";
import { methodOf } from "../../spec/methods/all";
import { columnsByName, type FunctionRun, ownFunction, type Purpose } from "../programs/own-function";
import { type Server, serverAt } from "../programs/post";

/** An episode as its environment sees it. */
export interface Shown {
  /** Prompt, and what followed; the last turn is the model's. */
  conversation: Message[];
  /** The same in each turn of an episode, and another in every other that goes on beside it; a later evaluation begins with the same names. */
  name: string;
  /** The other columns of the prompt's row. */
  columns: Record<string, unknown>;
}

export interface Step {
  /** What the model is told next; none end the episode. */
  messages: Message[];
  reward: number;
}

export interface Environment {
  /** How often the model speaks at most. */
  maxTurns: number;
  step(episodes: Shown[]): Step[];
}

const turn = z.union([z.string().transform((content): Message[] => [{ role: "user", content }]), z.array(message)]);
const step = z.union([
  z.null().transform((): Step => ({ messages: [], reward: 0 })),
  turn.transform((messages): Step => ({ messages, reward: 0 })),
  z
    .strictObject({ messages: turn.nullish(), reward: z.union([z.number(), z.boolean()]).nullish() })
    .transform(({ messages, reward }): Step => ({ messages: messages ?? [], reward: Number(reward ?? 0) })),
]);
const each = 'null, a text, a list of messages, or {"messages": …, "reward": …} for each conversation';

const purpose: Purpose = {
  name: "step",
  noun: "environment",
  field: "environment",
  of: "conversations",
  gives: "steps",
  each,
};

/** Of a run's config; null where its answers are single turns. */
export function environmentOf(config: RunConfig, note: FunctionRun["note"]): Environment | null {
  const given = methodOf(config).scoredBy(config)?.environment ?? null;
  return given && createEnvironment(given, { output: config.output, note });
}

/** Throws a sentence that names the file or the address where it fails: there is no episode without it. */
export function createEnvironment(given: Given, run: FunctionRun): Environment {
  const { file, address, maxTurns } = given;
  if (file === null) return { maxTurns, step: steps(serverAt(address!, "environment", "steps")) };
  const call = ownFunction({ ...given, file }, purpose, run);
  return {
    maxTurns,
    step(episodes) {
      try {
        return stepsIn(call(batchOf(episodes), episodes.length));
      } catch (cause) {
        throw new Error(`the environment ${file} ${(cause as Error).message}`, { cause });
      }
    },
  };
}

const list = z.object({ steps: z.array(z.unknown()) });

const steps =
  ({ ask, refused }: Server) =>
  (episodes: Shown[]): Step[] => {
    const { data } = list.safeParse(ask(batchOf(episodes)));
    if (!data) throw refused('sent no list of "steps"');
    const [sent, back] = [episodes.length, data.steps.length];
    if (sent !== back) throw refused(`was sent ${sent} conversations and sent back ${back} steps`);
    try {
      return stepsIn(data.steps);
    } catch (cause) {
      throw refused((cause as Error).message);
    }
  };

const batchOf = (episodes: Shown[]): Record<string, unknown[]> => ({
  ...columnsByName(episodes),
  conversations: episodes.map(({ conversation }) => conversation),
  episodes: episodes.map(({ name }) => name),
});

const stepsIn = (results: unknown[]): Step[] =>
  results.map((result, i) => {
    const read = step.safeParse(result);
    if (read.success) return read.data;
    const shown = JSON.stringify(result)?.slice(0, 100);
    throw new Error(`gave ${shown} for conversation ${i + 1} of ${results.length}; ${each} is expected`);
  });
