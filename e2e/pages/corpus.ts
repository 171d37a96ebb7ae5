// Sixty texts of the kinds that models write and screens get wrong, ten to a record.

const code: Record<string, string> = {
  python: "def f(x):\n    return x if x >= 0 and x != 3 else -x  # -> |x|",
  javascript: "const f = (x) => (x === 0 ? null : x !== 1 && x <= 2 ? a?.b ?? c : d);",
  typescript: "type F<T> = (x: T) => x is NonNullable<T>; // => <= >= != === !== |> ::",
  rust: "fn main() -> Result<(), Box<dyn Error>> { let x = 0..=9; Ok(()) }",
  go: "func main() { ch <- 1; if err := f(); err != nil { fmt.Println(err) } }",
  java: "List<String> l = xs.stream().filter(x -> x.length() >= 3).map(Foo::bar).toList();",
  c: "int main(void) { for (int i = 0; i <= 9 && p->next != NULL; i++) *p++ |= 1 << 2; }",
  cpp: "template <typename T> auto f(T&& t) -> decltype(std::forward<T>(t)) { return t <=> 0; }",
  bash: 'while read -r l; do [[ "$l" != "" ]] && echo "$HOME/$l" >> out.txt; done <<< "$(ls)"',
  sql: "SELECT a, count(*) FROM t WHERE a <> 'x' AND b >= 3 GROUP BY 1 HAVING count(*) != 2; -- done",
  haskell: "f :: Int -> Maybe Int\nf x | x /= 0 = Just (x >>= 1) <|> Nothing",
  yaml: "a: &x {b: 1}\nc:\n  <<: *x\n  d: |-\n    --- <= ===",
};
const fenced = Object.entries(code).map(([name, text]) => `In ${name}:\n\n\`\`\`${name}\n${text}\n\`\`\``);

const math = [
  String.raw`The integral \(\int_0^1 x^2\,dx\) equals \(\frac{1}{3}\), and (\(\sqrt{\pi}/2\)) too.`,
  String.raw`Einstein: \[ E = mc^2 \] and then on.`,
  "\\[\n\\begin{aligned}\na &= b + c \\\\\n&= d\n\\end{aligned}\n\\]",
  "With dollars: $a^2 + b^2 = c^2$ and $2x + 1$.",
  "$$\\sum_{i=1}^{n} i = \\frac{n(n+1)}{2}$$",
  "$$\n\\int_{-\\infty}^{\\infty} e^{-x^2} \\, dx = \\sqrt{\\pi}\n$$",
  "1. Solve:\n   \\[\n   x\n   + y = 3\n   \\]\n2. so \\(x = 3 - y\\).",
  "> \\[ a = b \\]\n>\n> in a quote, and $c$.",
  String.raw`It costs $5, or $7 with tax; $x$ is a formula, \(y\) as well.`,
  `$$${Array.from({ length: 60 }, (_, i) => `x_{${i}}`).join(" + ")} = 0$$`,
];

const columns = ["Replication", "Performance", "Consistency", "Partitioning", "Transactions", "Extensibility"];
const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
const tableOf = (cells: string[][]) => [row(columns), row(columns.map(() => "---")), ...cells.map(row)].join("\n");
const tables = [
  tableOf([["SQLite", "PostgreSQL", "MySQL", "CockroachDB", "FoundationDB", "Elasticsearch"]]),
  tableOf([columns.map((column) => `**${column}** with \`code\` and more words than fit`)]),
  tableOf([columns.map(() => "Donaudampfschifffahrtsgesellschaftskapitän")]),
  `- in a list\n\n  | a | b |\n  | - | - |\n  | ${"x".repeat(300)} | y |`,
  "| formula | value |\n| :- | -: |\n| $x^2$ | \\(y_1\\) |",
];

const rightToLeft = [
  "مرحبا بالعالم! هذا نص عربي ينتهي بنقطة.",
  "שלום עולם. זה משפט בעברית, עם מספר 42 ו-`code()` בתוכו.",
  "- العنصر الأول\n- العنصر الثاني\n- third item\n\n1. واحد\n2. اثنان",
  "Mixed: the word مرحبا means hello.\n\nوهذه فقرة عربية فيها كلمة English في وسطها.",
  "> اقتباس عربي.\n\n| عمود | column |\n| --- | --- |\n| قيمة | value |",
  "سلام دنیا، این یک متن فارسی است با فرمول \\(a + b\\) در میان.",
  "### عنوان عربي\n\nThe paragraph is English.",
];

const scripts = [
  "日本語の文章です。句読点、改行のない長い文章でも画面からはみ出してはいけません。".repeat(8),
  "中文没有空格的长句子也必须换行显示而不能让页面横向滚动。".repeat(8),
  "한국어 문장은 띄어쓰기가 있습니다. 그래도 좁은 화면에서 잘 보여야 합니다.",
  "ภาษาไทยไม่มีช่องว่างระหว่างคำแต่ต้องขึ้นบรรทัดใหม่ได้".repeat(6),
  "हिन्दी में क्ष, त्र और ज्ञ जैसे संयुक्ताक्षर होते हैं।",
  "Ünïcödé: e\u0301 é ﬀ ß ĳ \u00a0 \u200b — “quotes”, ‘single’, …",
];
const emoji = ["Family 👨‍👩‍👧‍👦, flags 🏳️‍🌈 🇺🇳, skin 👍🏽 👩🏿‍🚀, heart ❤️‍🔥, keycap 1️⃣.", "👨‍👩‍👧‍👦".repeat(120)];
const longWords = [
  "a".repeat(10_000),
  `https://example.invalid/${"path/".repeat(200)}?q=${"x".repeat(2000)}`,
  `A word ${"Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz".repeat(20)} in a sentence.`,
  `\`${"inline_code_without_a_space_".repeat(40)}\``,
  `\`\`\`\n${"one line of code that does not end ".repeat(60)}\n\`\`\``,
];
const lists = [
  "- one\n  - two\n    - three\n      - four\n        - five\n          - six with quite a few words behind it",
  "1. first\n   1. nested\n      - [x] done\n      - [ ] open\n2. second\n\n   with a paragraph\n\n   ```js\n   a => b\n   ```",
  "> quote\n> > in a quote\n> > > in a quote\n\n---\n\nAfter a rule.",
  `${"- item\n".repeat(80)}`,
];
const html = [
  '<div style="width:5000px"><b>bold</b></div><script>alert(1)</script>',
  "a < b && c > d; &amp; &lt;tag&gt; <T extends U>",
  '<table width="9000"><tr><td>cell</td></tr></table>',
  "<details><summary>more</summary>hidden</details> <img src=x onerror=alert(1)>",
];
const rest = [
  "## Heading\n\n#### Lower\n\nText with **bold**, *italic*, ~~gone~~, [a link](https://example.invalid) and a footnote[^1].\n\n[^1]: Here.",
  "   leading spaces\n\n\n\nand blank lines\ttabs\there",
  "A line with a hard break  \nand another\\\nand an escaped \\* star, \\_ and \\`.",
  "Brackets \\[1\\] and \\[Smith 2020\\] are no formula.",
  "![a picture](https://example.invalid/p.png) is its description.",
];

export const corpus: string[] = [
  ...fenced,
  ...math,
  ...tables,
  ...rightToLeft,
  ...scripts,
  ...emoji,
  ...longWords,
  ...lists,
  ...html,
  ...rest,
];

/** Each record asks about one text and shows ten. */
export const corpusRows = (): object[] =>
  Array.from({ length: corpus.length / 10 }, (_, i) => ({
    prompt: [code.python, longWords[0], math[0], tables[0], rightToLeft[0], longWords[1]][i],
    answers: corpus.slice(10 * i, 10 * i + 10),
  }));
