// The text of a PDF's pages. A PDF has lines and no paragraphs: a line that stands farther from the one above than lines do begins one.
import { getDocumentProxy } from "unpdf";

interface Line {
  text: string;
  /** From the lower edge of its page. */
  y: number;
}

/** Empty where it has none, as of pages that are images. Throws where it is damaged or locked by a password. */
export async function pdfText(bytes: Uint8Array): Promise<string> {
  const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 }); // a copy, since the reader takes it over
  try {
    const pages: string[] = [];
    for (let number = 1; number <= pdf.numPages; number++) {
      const page = await pdf.getPage(number);
      pages.push(paragraphs(linesOf((await page.getTextContent()).items)));
      page.cleanup();
    }
    return pages.filter((page) => page !== "").join("\n\n");
  } finally {
    await pdf.destroy();
  }
}

type Item = Awaited<
  ReturnType<Awaited<ReturnType<Awaited<ReturnType<typeof getDocumentProxy>>["getPage"]>>["getTextContent"]>
>["items"][number];

function linesOf(items: Item[]): Line[] {
  const lines: Line[] = [];
  let line: Line | null = null;
  for (const item of items) {
    if (!("str" in item)) continue;
    if (item.str !== "") line ??= { text: "", y: item.transform[5] as number };
    if (line) line.text += item.str;
    if (item.hasEOL && line) {
      lines.push(line);
      line = null;
    }
  }
  if (line) lines.push(line);
  return lines.map(({ text, y }) => ({ text: text.replace(/\s+/g, " ").trim(), y })).filter(({ text }) => text !== "");
}

/** Of the usual distance between two lines. */
const farther = 1.3;

export function paragraphs(lines: Line[]): string {
  const gaps = lines.slice(1).map(({ y }, i) => lines[i]!.y - y);
  const downward = gaps.filter((gap) => gap > 0).sort((a, b) => a - b);
  const usual = downward[Math.floor(downward.length / 2)] ?? 0;
  return lines.reduce((text, line, i) => {
    if (i === 0) return line.text;
    const gap = gaps[i - 1]!;
    if (gap > usual * farther || gap < -1) return `${text}\n\n${line.text}`; // upward: the next column
    return isHyphenated(text, line.text) ? text.slice(0, -1) + line.text : `${text} ${line.text}`;
  }, "");
}

const isHyphenated = (text: string, next: string) => /\p{Ll}[-\u2010]$/u.test(text) && /^\p{Ll}/u.test(next);
