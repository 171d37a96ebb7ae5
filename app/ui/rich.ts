// Formulas and coloured code for answers that have some. A part of its own, loaded with the first of them.
import "katex/dist/katex.min.css";
import type { Options } from "react-markdown";
import rehypeHighlight from "rehype-highlight";
import rehypeKatex from "rehype-katex";
import remarkMath from "remark-math";

type Plugins = NonNullable<Options["rehypePlugins"]>;

/** Where a text names prices, a single dollar is a dollar and only two open a formula. */
const namesPrices = (text: string) => /\$\s?\d/.test(text);

/** A formula that cannot be read stays as it was written; \href and the like are not followed (KaTeX's `trust` is off). */
export const richPlugins = (text: string): { remark: Plugins; rehype: Plugins } => ({
  remark: [[remarkMath, { singleDollarTextMath: !namesPrices(text) }]],
  rehype: [[rehypeKatex, { throwOnError: false, strict: false }], rehypeHighlight],
});
