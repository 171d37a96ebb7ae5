// A page of docs/ for the workbench's own pages, so that a text stands in one place.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderMarkdown } from "./markdown";

export interface Section {
  title: string;
  html: string;
}

/** The numbered parts of a page of docs/: "## 1. Title" and what follows. */
export const numberedSections = (page: string): Section[] =>
  readFileSync(join("docs", page), "utf8")
    .split(/^## /m)
    .filter((part) => /^\d+\. /.test(part))
    .map((part) => {
      const [title, ...body] = part.split("\n");
      return { title: title!, html: focusable(renderMarkdown(body.join("\n").trim())) };
    });

/** A formula that is wider than a phone scrolls, by the keyboard too. */
const focusable = (html: string) =>
  html.replaceAll('<span class="katex-display">', '<span class="katex-display" tabindex="0">');
