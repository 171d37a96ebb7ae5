import { expect, test } from "vitest";
import { kto } from "../../spec/methods/kto";
import { balanceHint } from "./method-rows";

test("KTO says which weight balances the answers", () => {
  const plain = kto.options.parse({});
  expect(balanceHint(10, 20, plain)).toBeNull();
  expect(balanceHint(10, 110, plain)).toContain("set desirableWeight to 10.00");
  expect(balanceHint(100, 110, plain)).toContain("set undesirableWeight to 10.00");
  expect(balanceHint(10, 110, kto.options.parse({ desirableWeight: 10 }))).toBeNull(); // what it said balances
  expect(balanceHint(10, 10, plain)).toContain("all 10 answers are good ones"); // nothing to weigh against
});
