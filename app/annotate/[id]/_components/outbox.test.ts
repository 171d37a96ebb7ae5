// Votes in the browser's storage against a server that answers as it likes.
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { translateBy } from "@/app/_messages/translate";
import type { JudgementInput } from "@/lib/annotation/judging/judging-schema";
import { messagesIn } from "@/lib/messages/messages";
import { sayError } from "../../../ui/toast";

vi.mock("../../../ui/toast", () => ({ sayError: vi.fn(), say: vi.fn() }));

type Sent = JudgementInput & { annotatorId: number };
type Answer = (vote: Sent) => Response | Promise<Response>;
const json = (status: number, body: object) => Response.json(body, { status });
const page = (status: number) => new Response("<!doctype html><p>Sorry</p>", { status });
const refuses: Answer = () => json(409, { error: "You have judged this pair already.", refused: "vote" });
const breaks: Record<string, Answer> = {
  "no network": () => Promise.reject(new TypeError("Failed to fetch")),
  "200 in HTML": () => page(200),
  "404 in HTML": () => page(404),
  "503 in HTML": () => page(503),
  ...Object.fromEntries(
    [400, 401, 403, 404, 409, 413, 422, 429, 500, 503].map((status) => [
      `${status}`,
      () => json(status, { error: `it answers ${status}` }),
    ]),
  ),
};

/** The server: what it stored by key, and how it answers now. */
let stored: Map<string, Sent>;
let answer: Answer;
const works: Answer = (vote) => {
  stored.set(vote.key, vote);
  return json(200, { saved: true });
};

/** As a browser's: names are its own properties. */
const storage = (full = false): Storage =>
  Object.create({
    getItem(this: Record<string, string>, name: string) {
      return this[name] ?? null;
    },
    setItem(this: Record<string, string>, name: string, text: string) {
      if (full) throw new DOMException("full", "QuotaExceededError");
      this[name] = text;
    },
    removeItem(this: Record<string, string>, name: string) {
      delete this[name];
    },
  }) as Storage;

/** A page that was just opened. */
async function opened(): Promise<typeof import("./outbox")> {
  vi.resetModules();
  const { setHere } = await import("@/app/_messages/translate");
  setHere(translateBy("en", messagesIn("en")));
  return import("./outbox");
}

beforeEach(() => {
  vi.useFakeTimers();
  stored = new Map();
  answer = works;
  vi.mocked(sayError).mockClear();
  vi.stubGlobal("localStorage", storage());
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("fetch", (_: string, { body }: { body: string }) =>
    Promise.resolve().then(() => answer(JSON.parse(body) as Sent)),
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

let made = 0;
const vote = (rationale = ""): JudgementInput => ({
  key: `00000000-0000-4000-8000-${String(++made).padStart(12, "0")}`,
  itemId: made,
  choice: { kind: "tie" },
  rationale,
  activeMs: 1,
  mirror: false,
});

test.each(Object.entries(breaks))(
  "V1: where the server answers %s a vote is kept, and sent once it works again",
  async (name, broken) => {
    const { enter, post, flush, waiting, notSaved } = await opened();
    enter(1);
    answer = broken;
    post(vote(), "p");
    await flush();
    expect([waiting(), notSaved()]).toEqual([1, 0]);
    expect(vi.mocked(sayError).mock.calls).toHaveLength(name === "no network" ? 0 : 1);
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect([waiting(), notSaved()]).toEqual([1, 0]);
    expect(vi.mocked(sayError).mock.calls).toHaveLength(name === "no network" ? 0 : 1); // told once
    answer = works;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([waiting(), stored.size]).toEqual([0, 1]);
  },
);

test("V1: a refused vote goes to those not saved, with what was typed and why, and the others are sent", async () => {
  const { enter, post, flush, waiting, refusedNames, read } = await opened();
  enter(1);
  const [first, second] = [vote("my words"), vote()];
  answer = (sent) => (sent.key === first.key ? refuses(sent) : works(sent));
  post(first, "the prompt");
  post(second, "");
  await flush();
  expect(waiting()).toBe(0);
  expect([...stored.keys()]).toEqual([second.key]);
  expect(refusedNames().map(read)).toEqual([
    { vote: first, about: "the prompt", why: "You have judged this pair already." },
  ]);
});

test.each(["{", "null", '"a vote"', "[]"])("D3: %s in the place of a vote holds up no other", async (text) => {
  const { enter, post, flush } = await opened();
  enter(1);
  localStorage.setItem("votes/1/0/odd", text);
  post(vote(), "");
  await flush();
  expect(stored.size).toBe(1);
});

test("V1: one vote that the server cannot read holds up no other, and tries come more and more seldom", async () => {
  const { enter, post, waiting } = await opened();
  enter(1);
  const odd = vote();
  let tries = 0;
  answer = (sent) => {
    if (sent.key !== odd.key) return works(sent);
    tries++;
    return json(413, { error: "Too long." });
  };
  post(odd, "");
  post(vote(), "");
  await vi.advanceTimersByTimeAsync(600_000);
  expect([waiting(), stored.size]).toEqual([1, 1]);
  expect(tries).toBeGreaterThan(10);
  expect(tries).toBeLessThan(30); // every 2 s it would be 300
});

test("V1: votes are sent as the person who gave them and no one else, also after a reload", async () => {
  const first = await opened();
  first.enter(1);
  answer = breaks["no network"]!;
  first.post(vote(), "");
  await first.flush();
  answer = works;
  const second = await opened();
  second.enter(2);
  expect(second.waiting()).toBe(0);
  second.post(vote(), "");
  await second.flush();
  expect([...stored.values()].map(({ annotatorId }) => annotatorId)).toEqual([2]);
  const third = await opened();
  third.enter(1);
  expect(third.waiting()).toBe(1);
  await third.flush();
  expect([...stored.values()].map(({ annotatorId }) => annotatorId)).toEqual([2, 1]);
});

test("V1: votes that an older version left in the browser are sent", async () => {
  const old = vote("kept");
  localStorage.setItem(`vote/000000000000001/000000000000001/${old.key}`, JSON.stringify(old));
  const { enter, flush, waiting } = await opened();
  enter(3);
  expect(waiting()).toBe(1);
  await flush();
  expect([...stored.values()]).toEqual([{ ...old, annotatorId: 3 }]);
});

test("V1: a vote from before anybody has entered is sent as theirs who enters", async () => {
  const { enter, post, flush, waiting, notSaved } = await opened();
  answer = (sent) => (sent.annotatorId === 7 ? works(sent) : json(401, { error: "This vote is not theirs." }));
  const early = vote();
  post(early, "p");
  await flush();
  enter(7);
  expect(waiting()).toBe(1);
  await flush();
  expect([...stored.values()]).toEqual([{ ...early, annotatorId: 7 }]);
  expect([waiting(), notSaved()]).toEqual([0, 0]);
});

test("V1: where the browser's storage is full a vote is sent from memory, and waits there", async () => {
  vi.stubGlobal("localStorage", storage(true));
  const { enter, post, flush, waiting } = await opened();
  enter(1);
  answer = breaks["503"]!;
  post(vote(), "");
  await flush();
  expect(waiting()).toBe(1);
  answer = works;
  await flush();
  expect([waiting(), stored.size]).toEqual([0, 1]);
});

test("V1: whatever comes in between, each vote is with the server, waits, or is among those not saved", async () => {
  const act = fc.oneof(
    fc.constant("vote"),
    fc.constantFrom("works", "refuses", ...Object.keys(breaks)),
    fc.constantFrom("reload", "wait", "lose the answer"),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 30 }), async (acts) => {
      vi.stubGlobal("localStorage", storage());
      stored = new Map();
      answer = works;
      let box = await opened();
      let leave = box.enter(1);
      const given: string[] = [];
      const held = () => {
        const names = Object.keys(localStorage);
        return new Set([...stored.keys(), ...names.map((name) => name.split("/").at(-1)!)]);
      };
      for (const what of acts) {
        if (what === "vote") {
          const one = vote();
          given.push(one.key);
          box.post(one, "");
        } else if (what === "reload") {
          leave();
          box = await opened();
          leave = box.enter(1);
        } else if (what === "wait") await vi.advanceTimersByTimeAsync(30_000);
        else if (what === "lose the answer")
          answer = (sent) => {
            stored.set(sent.key, sent);
            return Promise.reject(new TypeError("Failed to fetch"));
          };
        else answer = what === "works" ? works : what === "refuses" ? refuses : breaks[what]!;
        await vi.advanceTimersByTimeAsync(10);
        expect(given.filter((key) => !held().has(key))).toEqual([]);
      }
      answer = works;
      await vi.advanceTimersByTimeAsync(60_000);
      await box.flush();
      leave();
      expect(box.waiting()).toBe(0);
      expect(given.filter((key) => !held().has(key))).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
