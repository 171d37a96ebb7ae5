import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rewardSource } from "../../spec/fields/rewards";
import { jsonIn, schemaCheck } from "./json-schema";
import { rulesOf } from "./rules";

const golden = JSON.parse(readFileSync("data/golden/json-schemas.json", "utf8")) as {
  cases: { schema: object; texts: [completion: string, fits: boolean][] }[];
};
const ruleOf = (schema: object | string) => {
  const [rule] = rulesOf(rewardSource.parse({ rules: { jsonSchema: { schema } } }).rules);
  return (text: string) => rule!.score({ text, ids: [] });
};

test("a completion fits its schema where Python's jsonschema 4.26.0 says so, in 400 completions of five schemas", () => {
  const wrong = golden.cases.flatMap(({ schema, texts }) => {
    const score = ruleOf(schema);
    return texts.filter(([text, fits]) => score(text) !== Number(fits));
  });
  expect(golden.cases.flatMap(({ texts }) => texts)).toHaveLength(400);
  expect(wrong).toEqual([]);
});

test.each([
  ['{"a": 1}', { value: { a: 1 } }],
  ["null", { value: null }],
  ["<think>[1]</think> [2] ", { value: [2] }],
  ["First\n```json\n[1]\n```\nthen\n  ```\n[2]\n  ```", { value: [2] }],
  ["```python\n[1]\n```", null], // another language's
  ["It is `[1]`.", null],
  ["```json\n[1]", null], // never closed
  ["```json\n[1,]\n```", null],
  ["", null],
])("in %j stands %j", (text, found) => {
  expect(jsonIn(text)).toEqual(found);
});

test("the schema may be text, as the form gives it; what is none is refused by the field's own words or the check's", () => {
  expect(ruleOf('{"type": "array"}')("[]")).toBe(1);
  const refused = (schema: unknown) => rewardSource.safeParse({ rules: { jsonSchema: { schema } } }).error?.message;
  for (const none of ["[]", "type: array", "3"]) expect(refused(none)).toContain("not a JSON object");
  expect(() => schemaCheck('{"type": "lst"}')).toThrow(/this is no JSON schema: .*type/);
  expect(() => schemaCheck('{"requierd": ["a"]}')).toThrow('unknown keyword: "requierd"');
  expect(() => schemaCheck('{"$ref": "https://example.org/other.json"}')).toThrow("can't resolve reference");
  expect(
    schemaCheck('{"title": "T", "discriminator": {"propertyName": "a"}, "example": 1, "type": "object"}')({}),
  ).toBe(true);
});

test("a pattern within a schema that goes back and forth without end stops the run with a sentence", () => {
  const score = ruleOf({ items: { pattern: "^(a+)+$" } });
  expect(score(JSON.stringify(["aaa"]))).toBe(1);
  expect(() => score(JSON.stringify([`${"a".repeat(40)}!`]))).toThrow(
    "the JSON schema took more than 1 s on a completion",
  );
});
