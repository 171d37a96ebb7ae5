import { expect, test } from "vitest";
import { crumbsOf } from "./crumbs";

const names = { datasets: new Map([["7", "Everyday questions"]]), runs: new Map([["r1", "My run"]]) };

test.each([
  ["/", [["Home", "/"]]],
  ["/runs", [["Runs", "/runs"]]],
  [
    "/datasets/7/quality",
    [
      ["Datasets", "/datasets"],
      ["Everyday questions", "/datasets/7"],
      ["Quality", "/datasets/7/quality"],
    ],
  ],
  [
    "/runs/new",
    [
      ["Runs", "/runs"],
      ["New run", "/runs/new"],
    ],
  ],
  [
    "/runs/r2",
    [
      ["Runs", "/runs"],
      ["Run", "/runs/r2"],
    ],
  ],
])("the way to %s", (path, crumbs) => {
  expect(crumbsOf(path, names).map(({ label, href }) => [label, href])).toEqual(crumbs);
});
