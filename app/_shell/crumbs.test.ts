import { expect, test } from "vitest";
import { crumbsOf } from "./crumbs";

test.each<[string, string | undefined, string[][]]>([
  ["/", undefined, [["Home", "/"]]],
  ["/runs", undefined, [["Runs", "/runs"]]],
  [
    "/datasets/7/quality",
    "Everyday questions",
    [
      ["Datasets", "/datasets"],
      ["Everyday questions", "/datasets/7"],
      ["Quality", "/datasets/7/quality"],
    ],
  ],
  [
    "/datasets/labelled/7/records",
    "Sums",
    [
      ["Datasets", "/datasets"],
      ["Sums", "/datasets/labelled/7"],
      ["Records", "/datasets/labelled/7/records"],
    ],
  ],
  [
    "/runs/new",
    undefined,
    [
      ["Runs", "/runs"],
      ["New run", "/runs/new"],
    ],
  ],
  [
    "/runs/r2",
    undefined,
    [
      ["Runs", "/runs"],
      ["Run", "/runs/r2"],
    ],
  ],
])("the way to %s", (path, name, crumbs) => {
  expect(crumbsOf(path, name).map(({ label, href }) => [label, href])).toEqual(crumbs);
});
