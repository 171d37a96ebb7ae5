// Words of this project's old dialect, and what the field says instead: none of them is in the documentation.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Old word → what an ML engineer says. Whole words, in any case. */
const dialect: Record<string, string> = {
  ruler: "on-policy evaluation",
  "speaks?|spoken|speaker": "generates, completion, evaluator",
  "doubles|near-doubles": "duplicates, near-duplicates",
  "take away": "export, download",
  "talk(s|ed)? with": "chat",
  "(made|run from) elsewhere": "imported",
  "bring in( a run)?": "import a run",
  doctor: "data checks",
  "nothing to complain about": "no issues found",
  "by heart": "overfits",
  "oddit(y|ies)": "warning",
  "what it says|what they say": "sample outputs",
  "where they ended": "final metrics",
  "what came of (it|them)": "results",
  "not as by default": "changed from default",
  "as (it|they) (was|were)": "reset, unchanged",
  "take[ns]? out of the queue": "cancel",
  "take[ns]? in again|takes? back": "include, undo",
  "answer every|fixed prompts": "sampling interval, evaluation prompts",
  "longest (answer|row)": "max completion length, max sequence length",
  "tokens at once": "tokens per micro-batch",
  "leave cut answers out|cut answers?": "mask truncated completions, truncated",
  "kl stands in|score stands at": "KL penalty in, reward placed at",
  "lies? before": "assigned to",
  "wants? a judgement|judgements?": "annotation",
  "rank(s|ing)? (pairs|them|screen)|pairs to rank": "annotate, annotation screen",
  "same side|shown again": "agreement, consistency check",
  "who writes better": "leaderboard",
  "(wants?|want) a ruling|rulings?|ruled": "decision, adjudication",
  "back to the votes|sends? back": "clear the decision, return to annotators",
  "gold pairs?": "gold record",
  "training round": "qualification round",
  "which comes next|least sure": "sampling, uncertainty",
  aspects: "rating criteria",
  "write pairs": "generate responses",
  recipe: "summary",
  "two-minute demo": "quick demo",
  "known reward": "synthetic reward",
  "gold (rewards?|scorers?|scores?)": "oracle (synthetic) reward",
  "try four steps|look at the data": "dry run, preview data",
  "stop and save": "stop",
  "one thing to look at": "1 alert",
  "spreads?": "distributions",
  "a line for each|one more chart": "group by, add chart",
  "to the letter": "identical",
  "learn(t|s) by": "overfits",
  "patiently|news|tell(s|ing)? (of|you of)": "retry, notification, report",
};

/** Found in a text: the words, with the line. `code` between backticks and fences is left out: it names what is in the code. */
function found(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```|`[^`\n]*`/g, (code) => code.replace(/[^\n]/g, " "));
  return prose.split("\n").flatMap((line, i) =>
    Object.entries(dialect).flatMap(([old, better]) => {
      const word = new RegExp(`(?<![\\w-])(${old})(?![\\w-])`, "i").exec(line)?.[0];
      return word ? [`line ${i + 1}: "${word}" (better: ${better})`] : [];
    }),
  );
}

// These are made of the titles of tests and of what the reviews found.
const made = ["findings.md", "interface-findings.md"].map((name) => join("docs", name));
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  ...readdirSync("docs").map((name) => join("docs", name)),
].filter((path) => path.endsWith(".md") && !made.includes(path));

test.each(pages)("%s is in the words of the field", (page) => {
  expect(found(readFileSync(page, "utf8"))).toEqual([]);
});

/** The texts in a page's source: between tags, and in quotes where they have a space or a capital first; on the lines where they stand. */
function shown(source: string): string {
  return source
    .split("\n")
    .map((line) => {
      if (/^\s*(import|export (type|interface)|\/\/|\*|\/\*)/.test(line)) return "";
      const betweenTags = [...line.matchAll(/>([^<>{}=;()?]*[A-Za-z]{3}[^<>{}=;()?]*)(?:<|\{|$)/g)].map(
        ([, text]) => text,
      );
      const quoted = [...line.matchAll(/(?<!className=|\{)(["`])((?:(?!\1).)*)\1/g)]
        .map(([, , text]) => text!.replace(/\$\{[^}]*\}/g, " "))
        .filter((text) => (/\s/.test(text) || /^[A-Z]/.test(text)) && !text.startsWith("/"));
      const alone = /^\s+[A-Za-z][^(){}=;:`"]*$/.test(line) ? [line] : [];
      return [...betweenTags, ...quoted, ...alone].join(" | ");
    })
    .join("\n");
}

// Labels and hints of fields and metrics are shown by the pages, and made into docs/run-file.md.
const sources = [
  "app",
  join("spec", "fields"),
  join("spec", "methods"),
  join("spec", "metrics"),
  join("spec", "adapters"),
]
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)))
  .filter((path) => /(?<!\.test)\.tsx?$/.test(path));

test("the pages are in the words of the field", () => {
  const lines = sources.flatMap((path) => found(shown(readFileSync(path, "utf8"))).map((line) => `${path}, ${line}`));
  expect(lines).toEqual([]);
});

test("the old words are found, whole and in any case, and code is left out", () => {
  expect(found("The Ruler of it\n`doctor`\n```\nspread\n```\nwidespread")).toEqual([
    'line 1: "Ruler" (better: on-policy evaluation)',
  ]);
  expect(
    shown('import { doctor } from "./doctor";\n<p className="the recipe">Take away</p>\nconst a = "doctor";'),
  ).toBe("\nTake away\n");
});
