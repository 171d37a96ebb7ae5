import { expect, test } from "vitest";
import { wantedFiles } from "./send-files";

const wanted = (...names: string[]) =>
  wantedFiles(names.map((name) => ({ name, file: new File([], name) }))).map(({ name }) => name);

test("of a folder its rows and their description are sent; a file that is chosen itself is, whatever it is called", () => {
  expect(wanted("set/a.jsonl", "set/.cache/b.jsonl", "set/dataset_info.json", "set/photo.png")).toEqual([
    "set/a.jsonl",
    "set/dataset_info.json",
  ]);
  expect(wanted("a.jsonl", "rows.txt", ".hidden.jsonl")).toEqual(["a.jsonl", "rows.txt", ".hidden.jsonl"]);
  expect(wanted("set/rows.txt", "set/.git/x")).toEqual(["set/rows.txt"]);
});
