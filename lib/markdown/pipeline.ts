// GitHub's Markdown, formulas and coloured code as safe HTML: raw HTML is shown as the text it is, no script, no image is ever fetched. What
// takes long, or throws, is for markdown.ts to stop and to catch.
import type { Element, Root as HtmlRoot } from "hast";
import rehypeHighlight from "rehype-highlight";
import rehypeKatex from "rehype-katex";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import { visit } from "unist-util-visit";
import { withDoubledDollars } from "./formulas";

/** What tells formulas apart is let through; what renders them comes after and makes no markup of the text's own. */
const schema = {
  ...defaultSchema,
  attributes: {
    ...defaultSchema.attributes,
    code: [["className", /^language-./, "math-inline", "math-display"] as [string, RegExp, string, string]],
  },
};

/** Images become their descriptions; links open apart and tell nothing of where they were. */
const harmless = () => (tree: HtmlRoot) =>
  visit(tree, "element", (node) => {
    if (node.tagName === "a")
      node.properties = { ...node.properties, target: "_blank", rel: ["noreferrer", "noopener", "nofollow"] };
    if (node.tagName !== "img") return;
    node.children = [{ type: "text", value: `[image: ${node.properties.alt || "no description"}]` }];
    node.tagName = "span";
    node.properties = { className: ["text-soft"] };
  });

const isHeading = (node: Element) => /^h[1-6]$/.test(node.tagName);

/** A text's own headings stand below the page's, the highest of them as h4, and leave out no level. */
const demoted = () => (tree: HtmlRoot) => {
  const levels = new Set<string>();
  visit(tree, "element", (node) => void (isHeading(node) && levels.add(node.tagName)));
  const order = [...levels].sort();
  visit(tree, "element", (node) => {
    if (isHeading(node)) node.tagName = `h${Math.min(6, 4 + order.indexOf(node.tagName))}`;
  });
};

/** Bounds on one text's formulas: KaTeX takes a millisecond for a short one, and several for each level of a deep one. */
const most = { formulas: 80, characters: 3000, depth: 24 };
/** Longer code stays uncoloured. */
const longestColoured = 6000;

/** Formulas beyond the bounds, and long code, lose the class by which they would be found: they are shown as they were written. */
const bounded = () => (tree: HtmlRoot) => {
  let [formulas, characters] = [0, 0];
  visit(tree, "element", (node) => {
    const names = node.tagName === "code" && node.properties.className;
    if (!Array.isArray(names)) return;
    const [inside] = node.children;
    const text = inside?.type === "text" ? inside.value : "";
    const isMath = names.includes("math-inline") || names.includes("math-display");
    if (isMath) [formulas, characters] = [formulas + 1, characters + text.length];
    const fits = isMath
      ? formulas <= most.formulas && characters <= most.characters && depthOf(text) <= most.depth
      : text.length <= longestColoured;
    if (!fits) node.properties = {};
  });
};

/** How deep a formula's groups lie in each other. */
function depthOf(formula: string): number {
  let [depth, deepest] = [0, 0];
  for (const [mark] of formula.matchAll(/\\\\|\\[{}]|[{}]|\\(?:left|right|begin|end)(?![a-zA-Z])/g)) {
    if (mark === "{" || mark === "\\left" || mark === "\\begin") deepest = Math.max(deepest, ++depth);
    if (mark === "}" || mark === "\\right" || mark === "\\end") depth--;
  }
  return deepest;
}

const blocks = new Set(["p", "ul", "ol", "h4", "h5", "h6", "blockquote", "td", "th"]);

/**
 * Each block runs as its own text does: a list by its first item (a block inside with a direction of its own would be left out of what
 * decides that). Code runs from the left. A table scrolls in a box of its own, and so does code: both can be reached with Tab for that.
 */
const laidOut = () => (tree: HtmlRoot) =>
  visit(tree, "element", (node, at, parent) => {
    const isInItem = parent?.type === "element" && parent.tagName === "li";
    if (blocks.has(node.tagName) && !(isInItem && node.tagName === "p")) node.properties.dir = "auto";
    if (node.tagName === "pre") node.properties = { ...node.properties, dir: "ltr", tabIndex: 0 };
    if (node.tagName !== "table" || !parent || at === undefined) return;
    const box: Element = {
      type: "element",
      tagName: "div",
      properties: { className: ["scrolls"], tabIndex: 0 },
      children: [node],
    };
    parent.children[at] = box;
  });

/** A formula that cannot be read stays as it was written; \href and the like are not followed (KaTeX's `trust` is off). */
const pipeline = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkMath, { singleDollarTextMath: false })
  .use(remarkRehype, { handlers: { html: (_, node: { value: string }) => ({ type: "text", value: node.value }) } })
  .use(rehypeSanitize, schema)
  .use(harmless)
  .use(demoted)
  .use(laidOut)
  .use(bounded)
  .use(rehypeKatex, { throwOnError: false, strict: false, maxExpand: 200, maxSize: 20 })
  .use(rehypeHighlight)
  .use(rehypeStringify)
  .freeze();

export const render = (text: string): string => String(pipeline.processSync(withDoubledDollars(text)));
