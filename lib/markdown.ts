// An answer as its writer meant it: GitHub's Markdown, formulas, coloured code. Rendered here and not in the browser, which need not load
// five libraries for it. Sanitised: raw HTML is shown as the text it is, no script, no image is ever fetched.
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

/** A formula that cannot be read stays as it was written; \href and the like are not followed (KaTeX's `trust` is off). */
const pipeline = (singleDollarTextMath: boolean) =>
  unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(remarkMath, { singleDollarTextMath })
    .use(remarkRehype, { handlers: { html: (_, node: { value: string }) => ({ type: "text", value: node.value }) } })
    .use(rehypeSanitize, schema)
    .use(harmless)
    .use(demoted)
    .use(rehypeKatex, { throwOnError: false, strict: false })
    .use(rehypeHighlight)
    .use(rehypeStringify)
    .freeze();

const withDollars = pipeline(true);
const withoutDollars = pipeline(false);

/** Where a text names prices, a single dollar is a dollar and only two open a formula. */
const namesPrices = (text: string) => /\$\s?\d/.test(text);

const kept = new Map<string, string>();
const most = 1000;

/** Safe HTML of a text; the last thousand are kept, as every look at a queue shows the same pairs again. */
export function renderMarkdown(text: string): string {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const html = String((namesPrices(text) ? withoutDollars : withDollars).processSync(text));
  if (kept.size >= most) kept.delete(kept.keys().next().value!);
  kept.set(text, html);
  return html;
}
