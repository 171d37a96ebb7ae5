import { expect, test } from "vitest";
import { fieldsIn } from "./browser-store";

test.each([
  ['{"rationale":"long"}', { rationale: "long", rewrite: "" }],
  ["{}", { rationale: "", rewrite: "" }],
  ["{", { rationale: "", rewrite: "" }],
  ["null", { rationale: "", rewrite: "" }],
  [null, { rationale: "", rewrite: "" }],
])("D3: %s, stored in this browser, leaves what it does not say as it is", (text, fields) => {
  expect({ ...{ rationale: "", rewrite: "" }, ...fieldsIn(text) }).toEqual(fields);
});
