// What annotators read stands in lib/messages, and not in the components: their source is parsed for text of its own.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "rolldown/parseAst";
import { expect, test } from "vitest";
import { isRecord } from "@/common/json";

const screens = [
  "app/annotate",
  "app/sign-in",
  "app/join",
  "app/account",
  "app/_access",
  "app/_comments",
  "app/_messages",
  "app/_shell",
  "app/ui/language-select.tsx",
  "app/ui/rich.ts",
  "app/ui/name-form.tsx",
  "app/ui/editable-text.tsx",
  "app/error.tsx",
  "app/forbidden.tsx",
  "app/not-found.tsx",
];

/** What researchers alone are shown: jobs, and the ways to their pages. */
const forResearchers = /_shell\/(jobs-menu|job-news|use-job-news|notif|use-here-actions|crumbs)/;

/** Attributes that are read by people. */
const read = /^(aria-label|aria-description|about|alt|help|label|placeholder|title|unit)$/;
/** Names, the same in every language. */
const names = ["Alt", "Edge", "Firefox", "Chrome", "Safari", "Android", "Windows", "Linux"];

interface Node {
  type: string;
  [part: string]: unknown;
}
const isNode = (value: unknown): value is Node => isRecord(value) && typeof value.type === "string";
const partsOf = (node: Node) =>
  Object.values(node)
    .flatMap((part) => (Array.isArray(part) ? part : [part]))
    .filter(isNode);

/** What says nothing to anybody: types, modules, comparisons. */
const silent = /^(TS(?!As|NonNull|Satisfies)|Import|ExportAll|BinaryExpression$)/;

/** `shown`: whether text there is on screen in any case. */
function textsIn(node: Node, shown = false): string[] {
  const { type } = node;
  if (type === "JSXText") return textOf(node.value, /[a-z]{2}/i);
  if (type === "Literal") return textOf(node.value, shown ? /[a-z]{2}/i : sentence);
  if (type === "TemplateElement")
    return textOf((node.value as { cooked: string }).cooked, shown ? /[a-z]{2}/i : sentence);
  if (type === "JSXAttribute") {
    const { name, value } = node as unknown as { name: { name: string }; value: Node | null };
    return isNode(value) && (read.test(name.name) || value.type !== "Literal")
      ? textsIn(value, read.test(name.name))
      : [];
  }
  if (type === "JSXElement" || type === "JSXFragment") {
    const { children, openingElement } = node as unknown as { children: Node[]; openingElement?: Node };
    return [...children.flatMap((child) => textsIn(child, true)), ...(openingElement ? textsIn(openingElement) : [])];
  }
  if (type === "Property") return isNode(node.value) ? textsIn(node.value, false) : [];
  if (silent.test(type)) return [];
  const inside = shown && /^(JSXExpression|Conditional|Logical|Template)/.test(type);
  return partsOf(node).flatMap((part) => textsIn(part, inside));
}

/** A word with a capital at the beginning, or several that end as a sentence does. */
const sentence = /^[A-Z][a-z]+([ .:,?!…]|$)|[a-z] [^/]*[.?!…:]\s*$/;
const textOf = (value: unknown, pattern: RegExp): string[] =>
  typeof value === "string" && pattern.test(value) && !names.includes(value.trim()) ? [value.trim()] : [];

const englishIn = (source: string, name = "a.tsx"): string[] =>
  textsIn(parseAst(source, { lang: name.endsWith("x") ? "tsx" : "ts" }, name) as unknown as Node);

const files = screens.flatMap((path) =>
  statSync(path).isFile()
    ? [path]
    : readdirSync(path, { recursive: true, encoding: "utf8" })
        .filter((name) => /(?<!\.test)\.tsx?$/.test(name))
        .map((name) => join(path, name))
        .filter((name) => !forResearchers.test(name)),
);

test("no component of the annotators' screens has text of its own", () => {
  expect(files.length).toBeGreaterThan(50);
  expect(
    files.flatMap((file) => englishIn(readFileSync(file, "utf8"), file).map((text) => `${file}: ${text}`)),
  ).toEqual([]);
});

test("the reader of components finds text wherever it is shown", () => {
  expect(
    englishIn(`const a = <p aria-label="a list" className="flex ml-2">some words{b ? "yes" : t("no.key")}</p>;`),
  ).toEqual(["some words", "yes", "a list"]);
  expect(englishIn(`const a = "Not saved"; const b = { label: "It is here." }; const c = "not-saved";`)).toEqual([
    "Not saved",
    "It is here.",
  ]);
  expect(englishIn(`say(\`\${n} words differ.\`); if (key === "Enter") go(<b>away</b>);`)).toEqual([
    "words differ.",
    "away",
  ]);
});
