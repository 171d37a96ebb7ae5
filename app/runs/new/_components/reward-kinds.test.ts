import { expect, test } from "vitest";
import { presets } from "@/lib/runs/presets";
import { fieldsOf, toConfig } from "./fields";
import { byPath, startValues } from "./form-values";
import { rewardGiven, sumInWords } from "./reward-kinds";
import { sectionOf } from "./sections";

const fields = fieldsOf("ppo").filter((field) => sectionOf(field) === "reward");
const values = byPath(startValues("ppo", presets.find(({ id }) => id === "ppo")!.config));

test("U34: what scores is written as the sum that it is", () => {
  expect(sumInWords(fields, values)).toBe("1 × oracle");
  const both = { ...values, "ppo.reward.model": ["run:a"], "ppo.reward.modelWeight": "0.5" };
  expect(rewardGiven(fields, both)).toEqual(["model", "gold"]);
  expect(sumInWords(fields, both)).toBe("0.5 × reward model + 1 × oracle");
  const rules = {
    ...both,
    "ppo.reward.gold": "",
    "ppo.reward.model": ["run:a", "run:b"],
    "ppo.reward.rules.length.max": "40",
  };
  expect(sumInWords(fields, rules)).toBe("0.5 × 2 reward models + 1 × length rule");
  const schema = { ...values, "ppo.reward.gold": "", "ppo.reward.rules.jsonSchema.schema": '{"type": "array"}' };
  expect(sumInWords(fields, schema)).toBe("1 × JSON schema rule");
  const remote = { ...values, "ppo.reward.gold": "", "ppo.reward.remote": "http://host/get_reward" };
  expect(rewardGiven(fields, remote)).toEqual(["remote"]);
  expect(sumInWords(fields, remote)).toBe("1 × reward over HTTP");
  const own = { ...remote, "ppo.reward.function.file": "/srv/r.py", "ppo.reward.function.weight": "2" };
  expect(rewardGiven(fields, own)).toEqual(["remote", "function"]);
  expect(sumInWords(fields, own)).toBe("1 × reward over HTTP + 2 × own function");
  expect(toConfig("ppo", fields, own)).toMatchObject({
    ppo: { reward: { function: { file: "/srv/r.py", weight: 2 } } },
  });
});

test("a grader is named by its endpoint; its rubric and its weight alone are none", () => {
  const none = { ...values, "ppo.reward.gold": "", "ppo.reward.grader.rubric": "Is it kind?" };
  expect(rewardGiven(fields, none)).toEqual([]);
  const graded = { ...none, "ppo.reward.grader.endpoint": "marker", "ppo.reward.grader.weight": "2" };
  expect(rewardGiven(fields, graded)).toEqual(["grader"]);
  expect(sumInWords(fields, graded)).toBe("2 × grader");
  expect(toConfig("ppo", fields, graded)).toMatchObject({
    ppo: { reward: { grader: { endpoint: "marker", rubric: "Is it kind?", weight: 2 } } },
  });
});

test("U35: an emptied list of reward models is none", () => {
  expect(rewardGiven(fields, { ...values, "ppo.reward.model": [], "ppo.reward.gold": "" })).toEqual([]);
});

test("an endpoint judges by itself: the form sends its name alone", () => {
  const fields = fieldsOf("iterative-dpo").filter((field) => sectionOf(field) === "reward");
  const none = Object.fromEntries(fields.map(({ path, initial }) => [path, initial]));
  const values = { ...none, "iterativeDpo.judge.gold": "", "iterativeDpo.judge.endpoint": "referee" };
  expect(rewardGiven(fields, values)).toEqual(["endpoint"]);
  expect(sumInWords(fields, values)).toBe("the endpoint's choice");
  expect(toConfig("iterative-dpo", fields, values)).toMatchObject({ iterativeDpo: { judge: { endpoint: "referee" } } });
});
