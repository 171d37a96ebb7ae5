import { expect, test } from "vitest";
import { chartSettings } from "./chart-settings";

test("what was pinned and resized under a chart's earlier title keeps its place under the present one", () => {
  const size = { span: 2, height: 300 };
  const stored = { smoothing: 0, log: false, pinned: ["Loss", "Gold reward"], sizes: { "Gold reward": size } };
  expect(chartSettings.parse(stored)).toMatchObject({
    pinned: ["Loss", "Oracle reward"],
    sizes: { "Oracle reward": size },
  });
});
