import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { preTokenizerNames } from "../models/pre-tokenizers";
import { inPieces, textsOfFiles } from "./texts";
import { countWords, cutter } from "./words";

const text =
  "The cat's 12 hats,\n\n  in 1984… and  more!\n\tif (x) {\r\n\r\n  f(x);  }\n東京は 大きい。\n海は青い。\n\n𠮷は字。\n𠮷だ！\r\n山\n Next line\u00a0here   ";

test.each(preTokenizerNames)("text in pieces is cut into the words of the whole: %s", async (pre) => {
  const whole = await countWords([text], cutter(pre));
  for (const size of [1, 2, 7, 40]) {
    const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
      text.slice(size * i, size * (i + 1)),
    );
    expect(await countWords(inPieces(chunks), cutter(pre))).toEqual(whole);
  }
});

test("lines of a script without spaces are read one after the other, not held as one text", async () => {
  const pieces: string[] = [];
  for await (const piece of inPieces(["東京は大きい。\n", "海は青い。\n山は高い。", "\n川", "は長い。"]))
    pieces.push(piece);
  expect(pieces).toEqual(["東京は大きい。\n海は青い。\n", "山は高い。\n", "川は長い。"]);
});

test("rows of any layout and plain text are read, packed too, and what cannot be read is named", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-texts-"));
  const [plain, rows] = [join(folder, "a.txt.gz"), join(folder, "rows.jsonl")];
  writeFileSync(plain, gzipSync("One text\nof two lines."));
  const messages = [
    { role: "user", content: "Hello?" },
    { role: "assistant", content: "Hi." },
  ];
  const lines = [JSON.stringify({ text: "A page." }), '{"text": ', JSON.stringify({ messages }), '{"number": 3}'];
  writeFileSync(rows, lines.join("\n"));
  const skipped: string[] = [];
  const found: string[] = [];
  for await (const one of textsOfFiles([plain, rows], (reason) => skipped.push(reason))) found.push(one);
  expect(found.join("|")).toBe("One text\nof two| lines.|A page.|Hello?|Hi.");
  expect(skipped).toEqual([expect.stringMatching(/line 2: /), expect.stringMatching(/line 4: .*number/)]);
});
