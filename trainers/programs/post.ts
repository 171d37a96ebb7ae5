// Programs that are asked over HTTP: JSON is posted to an address, and JSON comes back.
import { join } from "node:path";
import { httpAddress, isHttp, shownAddress } from "../../spec/http-address";
import { askThread, pause } from "./waiting";

interface Patience {
  timeoutMs: number;
  tries: number;
  pauseMs: number;
}

export interface ServerOptions {
  patience?: Patience | undefined;
  /** Sent as a bearer token, and never told. */
  key?: string | null | undefined;
}

/** As OpenRLHF waits. */
const usual: Patience = { timeoutMs: 180_000, tries: 5, pauseMs: 1000 };

export interface Server {
  /** The JSON of its answer to `question`. */
  ask(question: object): unknown;
  /** A sentence that begins with the server's address. */
  refused(why: string): Error;
}

/** `noun` is what the server is and `gives` what it sends, as sentences about it say them. */
export function serverAt(
  address: string,
  noun: string,
  gives: string,
  { patience = usual, key = null }: ServerOptions = {},
): Server {
  if (!isHttp(address)) throw new Error(`${address} is no ${httpAddress}`);
  const post = poster(key);
  const hidden = (text: string) => (key ? text.replaceAll(key, "[key]") : text);
  const refused = (why: string) => new Error(`the ${noun} at ${shownAddress(address)} ${hidden(why)}`);

  /** Tries again what may go better then: no connection, no answer in time, a fault of its own, too many requests. */
  function textFor(body: string): string {
    let last = "";
    for (let done = 0; done < patience.tries; done++) {
      if (done > 0) pause(patience.pauseMs);
      const came = post(address, body, patience.timeoutMs);
      if ("text" in came && came.status === 200) return came.text;
      if ("error" in came) last = came.error;
      else {
        last = `it answered ${came.status}: ${quoted(came.text)}`;
        if (came.status < 500 && came.status !== 429) throw refused(`refused: ${last}`);
      }
    }
    throw refused(`gave no ${gives} in ${patience.tries} tries, the last time: ${last}`);
  }

  return {
    refused,
    ask(question) {
      const text = textFor(JSON.stringify(question));
      try {
        return JSON.parse(text);
      } catch {
        throw refused(`sent what is no JSON: ${quoted(text)}`);
      }
    },
  };
}

export const quoted = (text: string) => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);

type Came = { status: number; text: string } | { error: string };
type Post = (address: string, body: string, timeoutMs: number) => Came;

/** The thread's own way to its end: it should have told by then. */
const graceMs = 10_000;

function poster(key: string | null): Post {
  const ask = askThread<{ address: string; body: string; key: string | null; timeoutMs: number }, Came>(
    join(import.meta.dirname, "post-worker.mjs"),
  );
  return (address, body, timeoutMs) =>
    ask({ address, body, key, timeoutMs }, timeoutMs + graceMs) ?? { error: "the thread that asks hangs" };
}
