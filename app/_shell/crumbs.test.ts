import { expect, test } from "vitest";
import { crumbsOf, namedIn } from "./crumbs";

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

test.each([
  ["/datasets/7/records", ["datasets", "7"]],
  ["/datasets/labelled/7", ["labelled", "7"]],
  ["/runs/add1", ["runs", "add1"]],
  ["/datasets/add", null],
  ["/datasets/add/documents", null],
  ["/runs/pipeline", null],
])("%s is about %s, whose name is asked for", (path, named) => {
  expect(namedIn(path)).toEqual(named);
});
