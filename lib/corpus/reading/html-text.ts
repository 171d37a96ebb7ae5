// The main text of a page, without menus, notices and comments: Mozilla's Readability, as Firefox's reader view has it.
import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import { blockText } from "./block-text";

/** A page of more elements takes minutes. */
const mostElements = 200_000;

/** Empty where it has none. */
export function htmlText(html: string): string {
  const { document } = parseHTML(html);
  if (!document.documentElement || !document.body) return "";
  const article = new Readability<Element>(document, {
    maxElemsToParse: mostElements,
    serializer: (content) => content as Element,
  }).parse();
  return article?.content ? blockText(article.content) : "";
}
