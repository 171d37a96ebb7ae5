import { expect, test } from "vitest";
import { applyEvent, type Exchange, soleAnswer, stopped } from "./use-exchange";

const begun: Exchange = {
  key: null,
  names: null,
  sides: [
    { text: "", tokens: 0, done: false },
    { text: "", tokens: 0, done: false },
  ],
  problem: null,
  since: 0,
};

test("answers grow on their own side, and reading time begins when both are there", () => {
  const line = (side: number, text: string, done: boolean) => ({ side, text, tokens: text.length, done, ended: true });
  let exchange = applyEvent(begun, { exchange: "k" }, 1);
  exchange = applyEvent(exchange, line(0, "He", false), 2);
  exchange = applyEvent(exchange, line(0, "Hello", true), 3);
  expect(exchange).toMatchObject({ key: "k", since: 0 });
  exchange = applyEvent(exchange, line(1, "Hi", true), 4);
  expect(exchange.sides.map(({ text }) => text)).toEqual(["Hello", "Hi"]);
  expect(exchange.since).toBe(4);
  expect(applyEvent(begun, { exchange: "k", names: ["tiny", "tuned"] }, 1).names).toEqual(["tiny", "tuned"]);
  expect(applyEvent(exchange, { problem: "no memory" }, 5).problem).toBe("no memory");
});

test("the conversation goes on from the complete answer of a run that was asked alone, not from one of two", () => {
  const answer = { text: "Hello", tokens: 1, done: true };
  const alone: Exchange = { ...begun, sides: [answer] };
  expect(soleAnswer(alone)).toBe(answer);
  expect(soleAnswer({ ...alone, sides: [{ ...answer, done: false }] })).toBeNull();
  expect(soleAnswer({ ...alone, sides: [answer, answer] })).toBeNull();
  expect(soleAnswer({ ...alone, problem: "no memory" })).toBeNull();
  expect(soleAnswer(null)).toBeNull();
});

test("stopped, a run that was asked alone has answered what it said so far; nothing is kept of two, nor before the first word", () => {
  const side = { text: "Hel", tokens: 1, done: false };
  const alone: Exchange = { ...begun, sides: [side] };
  expect(soleAnswer(stopped(alone))).toEqual({ ...side, done: true });
  expect(stopped({ ...alone, sides: [{ ...side, text: "" }] })).toBeNull();
  expect(stopped({ ...alone, sides: [side, side] })).toBeNull();
  expect(stopped(null)).toBeNull();
});
