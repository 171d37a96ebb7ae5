import type uPlot from "uplot";
import { expect, test } from "vitest";
import { endRoom } from "./plot";

test.each([8, 120, 4000, 1_000_000])("U43: half of the number %d fits to the right of the plot", (max) => {
  const widestDigit = 7.6; // px of Inter at 12 px with figures of one width
  const digits = max.toLocaleString("en").length;
  expect(endRoom({ scales: { x: { max } } } as unknown as uPlot)).toBeGreaterThanOrEqual((digits * widestDigit) / 2);
});
