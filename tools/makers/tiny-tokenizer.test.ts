import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tinyReviews, tinyTokenizer } from "./tiny-tokenizer";

test("the tokenizer of data/tiny is what its maker makes, byte for byte", async () => {
  for (const [name, json] of Object.entries(await tinyTokenizer(tinyReviews())))
    expect(readFileSync(`data/tiny/${name}`, "utf8")).toBe(JSON.stringify(json));
});
