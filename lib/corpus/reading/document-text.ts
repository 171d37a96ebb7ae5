// A document as text. Markdown stays as it is written, since models are to write it too.
import { withoutHeader } from "../../../common/yaml-header";
import { decoded } from "./decode";
import { htmlText } from "./html-text";
import { pdfText } from "./pdf-text";
import type { RawDocument } from "./raw-document";

/** Throws where it cannot be read. */
export async function documentText({ kind, bytes, charset }: RawDocument): Promise<string> {
  if (kind === "pdf") return tidy(await pdfText(bytes));
  const text = decoded(bytes, charset, kind === "html");
  if (kind === "html") return tidy(htmlText(text));
  if (text.includes("\0")) throw new Error("it holds zero bytes, which no text does");
  return tidy(kind === "markdown" ? withoutHeader(text) : text);
}

const tidy = (text: string) =>
  text
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .replace(/(?<![ \t])[ \t]+$/gm, "") // begun anew at each of a million blanks, it would take days
    .replace(/\n{3,}/g, "\n\n")
    .toWellFormed()
    .trim();
