// Files of our own making, of every kind, whole and damaged.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { scratch } from "../../../test/program";
import { decoded } from "./decode";
import { documentText } from "./document-text";
import { paragraphs } from "./pdf-text";
import { documentsOf, sourceFiles } from "./source-files";

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(scratch(), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** Texts by ids, or the reasons why there are none; ids without their folder. */
async function told(path: string): Promise<[string, string][]> {
  const all: [string, string][] = [];
  for await (const one of documentsOf(path)) {
    const text = "reason" in one ? one.reason : await documentText(one).catch((error: Error) => error.message);
    all.push([one.id.slice(dirname(path).length + 1), text]);
  }
  return all;
}

test.each([
  ["UTF-8", Buffer.from("Küste – 港"), null, "Küste – 港"],
  ["a mark, whatever the server says", Buffer.from("\uFEFFKüste"), "iso-8859-1", "Küste"],
  ["UTF-16 with a mark", Buffer.from("\uFEFFKüste", "utf16le"), null, "Küste"],
  ["what the server says", Buffer.from([0x8f, 0x95]), "shift_jis", "助"],
  ["what the page says", Buffer.from('<meta charset="koi8-r">\xca', "latin1"), null, '<meta charset="koi8-r">й'],
  ["an encoding that there is not", Buffer.from("Küste"), "utf-9", "Küste"],
  ["what UTF-8 cannot be", Buffer.from("K\xfcste \x96", "latin1"), null, "Küste –"],
])("text in %s is read", (_, bytes, charset, text) => expect(decoded(bytes, charset, true)).toBe(text));

test("Markdown stays as it is but for its header, and text as it is", async () => {
  const markdown = "---\ntitle: A\n---\r\n# A\r\n\r\n* *b*  \n\n\n\nc\n";
  expect(await told(fileOf("a.md", markdown))).toEqual([["a.md", "# A\n\n* *b*\n\nc"]]);
  expect(await told(fileOf("a.txt", "--- \na\n"))).toEqual([["a.txt", "---\na"]]);
  expect(await told(fileOf("b.txt", "a\0b"))).toEqual([["b.txt", "it holds zero bytes, which no text does"]]);
});

/** A page of lines, each so far below the one above. */
const pdf = (lines: [string, number][]) => {
  const shown = lines.map(([text, below]) => `0 -${below} Td (${text}) Tj`).join("\n");
  const stream = `BT /F1 11 Tf 72 760 Td\n${shown}\nET`;
  return `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
4 0 obj<</Length ${stream.length}>>stream
${stream}
endstream endobj
trailer<</Root 1 0 R>>
%%EOF`;
};

test("the lines of a PDF become paragraphs", async () => {
  const page = pdf([
    ["The harbour was dredged in the", 0],
    ["spring, and ferries called there.", 14],
    ["A second para-", 30],
    ["graph follows.", 14],
  ]);
  expect(await told(fileOf("a.pdf", page))).toEqual([
    ["a.pdf", "The harbour was dredged in the spring, and ferries called there.\n\nA second paragraph follows."],
  ]);
  expect(await told(fileOf("b.pdf", pdf([])))).toEqual([["b.pdf", ""]]);
  expect(await told(fileOf("c.pdf", "no PDF at all"))).toEqual([["c.pdf", expect.stringMatching(/PDF/)]]);
});

test("a second column begins a paragraph of its own", () => {
  const line = (text: string, y: number) => ({ text, y });
  expect(paragraphs([line("a", 100), line("b", 88), line("c", 100), line("d", 88)])).toBe("a b\n\nc d");
});

const record = (
  type: string,
  uri: string,
  block: string | Buffer,
  contentType = "application/http; msgtype=response",
) => {
  const bytes = Buffer.from(block);
  const head = `WARC/1.0\r\nWARC-Type: ${type}\r\nWARC-Target-URI: ${uri}\r\nContent-Type: ${contentType}\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes, Buffer.from("\r\n\r\n")]);
};
const answer = (headers: string, body: string | Buffer, status = "200 OK") =>
  Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n`), Buffer.from(body)]);
const page = (text: string) => `<html><body><p>${text}</p></body></html>`;
const crawl = [
  record("warcinfo", "", "software: ours", "application/warc-fields"),
  record("response", "https://a.org/1", answer("Content-Type: text/html", page("one"))),
  record(
    "response",
    "https://a.org/2",
    answer("Content-Type: text/html; charset=iso-8859-1", Buffer.from(page("zw\xf6lf"), "latin1")),
  ),
  record(
    "response",
    "https://a.org/3",
    answer("Content-Type: text/html\r\nContent-Encoding: gzip", gzipSync(page("three"))),
  ),
  record(
    "response",
    "https://a.org/4",
    answer(
      "Content-Type: text/html\r\nTransfer-Encoding: chunked",
      "f\r\n<html><body><p>\r\n16\r\nfour</p></body></html>\r\n0\r\n\r\n",
    ),
  ),
  record("response", "https://a.org/5", answer("Content-Type: text/html", page("gone"), "404 Not Found")),
  record("response", "https://a.org/6", answer("Content-Type: image/png", "\x89PNG")),
  record("conversion", "https://a.org/7", "seven", "text/plain"),
];
const read = [
  ["#2", "one"],
  ["#3", "zwölf"],
  ["#4", "three"],
  ["#5", "four"],
  ["#8", "seven"],
];
const withName = (name: string) => read.map(([number, text]) => [name + number, text]);

test("a WARC file's pages and texts are read, packed by record, as a whole or not at all", async () => {
  expect(await told(fileOf("a.warc", Buffer.concat(crawl)))).toEqual(withName("a.warc"));
  expect(await told(fileOf("a.warc.gz", Buffer.concat(crawl.map((one) => gzipSync(one)))))).toEqual(
    withName("a.warc.gz"),
  );
});

test("a WARC file that is damaged is read up to there", async () => {
  const packed = crawl.map((one) => gzipSync(one));
  const upTo = (records: number, more: number) =>
    Buffer.concat(packed).subarray(
      0,
      packed.slice(0, records).reduce((sum, { length }) => sum + length, more),
    );
  for (const more of [3, 60])
    expect(await told(fileOf("a.warc.gz", upTo(3, more)))).toEqual([
      ...withName("a.warc.gz").slice(0, 2),
      ["a.warc.gz#4", "the file ends here: unexpected end of file"],
    ]);
  const plain = Buffer.concat(crawl.slice(0, 3)).subarray(0, -9);
  expect(await told(fileOf("a.warc", plain))).toEqual([
    ["a.warc#2", "one"],
    ["a.warc#3", "the file ends here: its last record is not whole"],
  ]);
  expect(await told(fileOf("b.warc", "no such thing"))).toEqual([
    [expect.stringMatching(/^b\.warc/), expect.any(String)],
  ]);
  expect(await told(fileOf("c.warc", ""))).toEqual([["c.warc", "it holds no record of a WARC file"]]);
});

test("what a server packed is unpacked up to a limit, and what is packed otherwise is named", async () => {
  const packed = (by: string, body: Buffer) =>
    record("response", "https://a.org", answer(`Content-Type: text/plain\r\nContent-Encoding: ${by}`, body));
  const many = Buffer.concat([
    packed("gzip", gzipSync(Buffer.alloc(65 << 20, "a "))),
    packed("br", brotliCompressSync("K\xfcste ".repeat(20))),
    packed("br", Buffer.from("packed no longer")),
    crawl[1]!,
  ]);
  expect(await told(fileOf("A.WARC.GZ", gzipSync(many)))).toEqual([
    ["A.WARC.GZ#1", "unpacked it is larger than 64 MB"],
    ["A.WARC.GZ#2", "it is packed by br, which is not read"],
    ["A.WARC.GZ#3", "packed no longer"],
    ["A.WARC.GZ#4", "one"],
  ]);
});

test("a million blanks in a row, and lists of 20,000 items, take no longer than other text", async () => {
  const blanks = `a${" ".repeat(1e6)}b`;
  expect(await told(fileOf("a.txt", blanks))).toEqual([["a.txt", blanks]]);
  const prose = "The harbour of the old town was built by people who knew the tides. ".repeat(9);
  const items = Array.from({ length: 20_000 }, (_, i) => `<li>ship ${i + 1}</li>`).join("");
  const [[, read]] = (await told(fileOf("b.html", page(`${prose}<pre>${blanks}</pre><ol>${items}</ol>`)))) as [
    [string, string],
  ];
  expect(read).toMatch(/a {1000000}b\n\n1\. ship 1\n2\. ship 2\n/);
  expect(read).toMatch(/\n20000\. ship 20000$/);
});

test("rows of text are documents with their addresses, and other rows are named", async () => {
  const rows = [
    '{"text":"a","url":"https://a.org"}',
    "{",
    '{"prompt":"a","chosen":"b","rejected":"c"}',
    '{"text":"d"}',
  ];
  expect(await told(fileOf("a.jsonl", `${rows.join("\n")}\n`))).toEqual([
    ["a.jsonl#1", "a"],
    ["a.jsonl#2", expect.stringMatching(/JSON/)],
    ["a.jsonl#3", "it is a row of another kind (preference); only text is taken"],
    ["a.jsonl#4", "d"],
  ]);
});

test("the files of a folder are taken by their endings, hidden ones not", () => {
  const folder = scratch();
  for (const name of ["b.HTML", "a.md", "c.png", ".git/d.md", "e/f.warc.gz", "e/g.jsonl"]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), "");
  }
  expect(sourceFiles([folder, join(folder, "a.md")]).map((path) => path.slice(folder.length + 1))).toEqual([
    "a.md",
    "b.HTML",
    "e/f.warc.gz",
    "e/g.jsonl",
  ]);
  expect(() => sourceFiles([join(folder, "c.png")])).toThrow(/holds no documents/);
  expect(() => sourceFiles([join(folder, "none")])).toThrow(/no such file/);
});
