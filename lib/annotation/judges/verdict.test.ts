import { expect, test } from "vitest";
import { type Opinion, readOpinion, together } from "./verdict";

const said = (more: object = {}) => ({ reason: "It is right.", better: "A", strength: 3, ...more });
const read = (value: unknown, aspects: string[] = [], shown: "first" | "second" = "first") =>
  readOpinion(typeof value === "string" ? value : JSON.stringify(value), aspects, shown);

test("A and B are the answers that were shown there", () => {
  expect(read(said())).toMatchObject({ verdict: "first", strength: 3, reason: "It is right." });
  expect(read(said(), [], "second")).toMatchObject({ verdict: "second" });
  expect(read(said({ better: "B" }), [], "second")).toMatchObject({ verdict: "first" });
  expect(read(said({ better: "tie", strength: 0 }))).toMatchObject({ verdict: "tie", strength: 0 });
  const criteria = { accuracy: { A: 5, B: 2 } };
  expect(read(said({ criteria }), ["accuracy"])).toMatchObject({ aspects: { accuracy: [5, 2] } });
  expect(read(said({ criteria }), ["accuracy"], "second")).toMatchObject({ aspects: { accuracy: [2, 5] } });
  expect(read(`\`\`\`json\n${JSON.stringify(said())}\n\`\`\``)).toMatchObject({ verdict: "first" });
});

test.each([
  ["prose", "A is better.", "no JSON"],
  ["words around it", `Sure! ${JSON.stringify(said())}`, "no JSON"],
  ["another letter", said({ better: "C" }), "better"],
  ["no reason", said({ reason: " " }), "reason"],
  ["no strength", said({ strength: 0 }), "strength: 1 to 4"],
  ["a strength beyond", said({ strength: 7 }), "strength"],
  ["half a step", said({ strength: 1.5 }), "strength"],
  ["another field", said({ confidence: 1 }), "confidence"],
  ["criteria that nobody asked for", said({ criteria: { style: { A: 1, B: 1 } } }), "criteria"],
  ["a list", [said()], "the object"],
])("%s is no answer, and it says why", (_, value, why) => {
  const { problem } = read(value) as { problem: string };
  expect(problem).toContain(why);
});

test("all criteria are rated, from 1 to 5", () => {
  expect(read(said(), ["style"])).toHaveProperty("problem");
  expect(read(said({ criteria: { style: { A: 6, B: 1 } } }), ["style"])).toHaveProperty("problem");
  expect(read(said({ criteria: { style: { A: 1 } } }), ["style"])).toHaveProperty("problem");
});

test("two orders are one vote: a tie where they disagree, the mean of strengths and ratings", () => {
  const opinion = (verdict: Opinion["verdict"], strength: number, ratings: [number, number]): Opinion => ({
    ...{ verdict, strength, reason: `${verdict} ${strength}`, aspects: { style: ratings } },
  });
  expect(together([opinion("first", 4, [5, 1]), opinion("first", 2, [4, 2])])).toEqual({
    ...{ verdict: "first", strength: 3, aspects: { style: [4.5, 1.5] } },
    rationale: "First response as A: first 4\nSecond response as A: first 2",
  });
  for (const other of ["second", "tie"] as const)
    expect(together([opinion("first", 4, [5, 1]), opinion(other, 1, [3, 3])])).toMatchObject({
      ...{ verdict: "tie", strength: 0 },
    });
});
