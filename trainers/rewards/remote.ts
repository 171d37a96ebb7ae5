// A reward model that another program serves, by OpenRLHF's remote protocol (0.11): {"query", "prompts", "labels"} posted as JSON, {"rewards"} back.
import { join } from "node:path";
import { isRecord } from "../../common/json";
import { httpAddress, isHttp, shownAddress } from "../../spec/http-address";
import { chunks } from "../data/row-batches";
import { askThread } from "./waiting";

export interface Asked {
  /** The prompt as the policy reads it. */
  prompt: string;
  /** The same with the answer after it. */
  query: string;
}

export interface Patience {
  timeoutMs: number;
  tries: number;
  pauseMs: number;
}

/** As OpenRLHF waits. */
const usual: Patience = { timeoutMs: 180_000, tries: 5, pauseMs: 1000 };
const atOnce = 64;

/** A reward for each answer. Throws a sentence with the address and what came back where there is none. */
export function remoteRewards(address: string, patience: Patience = usual): (asked: Asked[]) => number[] {
  if (!isHttp(address)) throw new Error(`${address} is no ${httpAddress}`);
  const post = poster();
  const ofSome = (asked: Asked[]): number[] => {
    const body = JSON.stringify({
      query: asked.map(({ query }) => query),
      prompts: asked.map(({ prompt }) => prompt),
      labels: asked.map(() => ""), // as OpenRLHF sends them where its data have none
    });
    return rewardsIn(answered(address, body, patience, post), asked.length, address);
  };
  return (asked) => chunks(asked, atOnce).flatMap(ofSome);
}

type Came = { status: number; text: string } | { error: string };
type Post = (address: string, body: string, timeoutMs: number) => Came;

const refused = (address: string, why: string) => new Error(`the reward server at ${shownAddress(address)} ${why}`);

/** The text of its answer. Tries again what may go better then: no connection, no answer in time, a fault of its own, too many requests. */
function answered(address: string, body: string, { timeoutMs, tries, pauseMs }: Patience, post: Post): string {
  let last = "";
  for (let done = 0; done < tries; done++) {
    if (done > 0) pause(pauseMs);
    const came = post(address, body, timeoutMs);
    if ("text" in came && came.status === 200) return came.text;
    if ("error" in came) last = came.error;
    else {
      last = `it answered ${came.status}: ${quoted(came.text)}`;
      if (came.status < 500 && came.status !== 429) throw refused(address, `refused: ${last}`);
    }
  }
  throw refused(address, `gave no rewards in ${tries} tries, the last time: ${last}`);
}

function rewardsIn(text: string, count: number, address: string): number[] {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw refused(address, `sent what is no JSON: ${quoted(text)}`);
  }
  const rewards: unknown = isRecord(answer) ? answer.rewards : undefined;
  if (!Array.isArray(rewards)) throw refused(address, `sent no list of "rewards": ${quoted(text)}`);
  if (rewards.length !== count)
    throw refused(address, `was sent ${count} answers and sent back ${rewards.length} rewards`);
  const wrong = rewards.findIndex((one) => typeof one !== "number" || !Number.isFinite(one));
  if (wrong >= 0)
    throw refused(
      address,
      `sent ${shown(rewards[wrong])} for answer ${wrong + 1} of ${count}; a finite number is expected`,
    );
  return rewards as number[];
}

const shown = (value: unknown) => (typeof value === "number" ? String(value) : JSON.stringify(value));
const quoted = (text: string) => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);

const pause = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** The thread's own way to its end: it should have told by then. */
const graceMs = 10_000;

function poster(): Post {
  const ask = askThread<{ address: string; body: string; timeoutMs: number }, Came>(
    join(import.meta.dirname, "remote-worker.mjs"),
  );
  return (address, body, timeoutMs) =>
    ask({ address, body, timeoutMs }, timeoutMs + graceMs) ?? { error: "the thread that asks hangs" };
}
