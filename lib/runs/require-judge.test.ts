import { beforeAll, expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { freshDatabase } from "../../test/database";
import { endpointInput } from "../endpoints/endpoint-schema";
import { addEndpoint } from "../endpoints/endpoints";
import { requireJudge } from "./require-judge";

beforeAll(() => void freshDatabase());

const config = (iterativeDpo: object) =>
  runConfig.safeParse({
    ...{ method: "iterative-dpo", model: { source: "tiny" }, data: { train: "rows.jsonl" }, output: "out" },
    iterativeDpo,
  });

test("a run whose judge is an endpoint that is not there is refused at that field", () => {
  const { data } = config({ numGenerations: 2, judge: { endpoint: "referee" } });
  expect(() => requireJudge(data!)).toThrow(/^iterativeDpo.judge.endpoint: There is no endpoint referee/);
  addEndpoint(endpointInput.parse({ name: "Referee", baseUrl: "http://127.0.0.1/v1", model: "m" }), 0);
  expect(() => requireJudge(data!)).not.toThrow();
  requireJudge(config({ judge: { gold: "film-reviews" } }).data!);
});

test("so is one whose grader is not there, wherever its reward stands", () => {
  const of = (more: object) =>
    runConfig.parse({ model: { source: "tiny" }, data: { train: "rows.jsonl" }, output: "out", ...more });
  const reward = { grader: { endpoint: "marker" } };
  const refused = (more: object) => expect(() => requireJudge(of(more)));
  refused({ method: "grpo", grpo: { reward } }).toThrow(/^grpo.reward.grader.endpoint: There is no endpoint marker/);
  refused({ method: "sppo", sppo: { judge: reward } }).toThrow(/^sppo.judge.grader.endpoint/);
  addEndpoint(endpointInput.parse({ name: "Marker", baseUrl: "http://127.0.0.1/v1", model: "m" }), 0);
  refused({ method: "grpo", grpo: { reward } }).not.toThrow();
});

test("an endpoint compares two completions, and stands beside no reward", () => {
  const problems = (iterativeDpo: object) => config(iterativeDpo).error!.issues.map(({ message }) => message);
  expect(problems({ numGenerations: 8, judge: { endpoint: "referee" } })).toEqual([
    "people compare two answers, as endpoints do: set it to 2",
  ]);
  expect(problems({ numGenerations: 2, judge: { endpoint: "referee", gold: "film-reviews" } })[0]).toMatch(/or else/);
  expect(problems({ numGenerations: 2, chosen: "data", judge: { endpoint: "referee" } })[0]).toMatch(/leave the judge/);
});
