// An answer as its writer meant it: GitHub's Markdown, formulas, coloured code, as safe HTML. Rendered here and not in the browser, which need
// not load five libraries for it. Whatever the text is, this never throws and takes a bounded time: a text that is too long, too deep or
// too slow is shown as it was written.
import { createContext, Script } from "node:vm";
import { isTooHard } from "./bounds";
import { render } from "./pipeline";

/** How much processor time a text may take, several times what an ordinary one of its length does; and how long by the clock. */
const budgetMs = (text: string) => 200 + text.length / 40;
const patienceMs = (text: string) => 4 * budgetMs(text);
/** What may be lost on texts that came to nothing, in so much time; beyond it nothing is tried that needs the parser. */
const lossMs = { most: 1000, within: 10_000 };
/** Texts are kept up to so many characters of HTML, as every look at a queue shows the same pairs again. */
const mostKept = 30_000_000;
const longestHtml = 1_000_000;

// A script in a context of its own is the way to stop a computation of this very thread.
const sandbox = { work: (): void => undefined };
createContext(sandbox);
const script = new Script("work()");

const kept = new Map<string, string>();
let keptCharacters = 0;
let lost = { since: 0, ms: 0 };

/** Safe HTML of a text. */
export function renderMarkdown(text: string): string {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const html = plainParagraphs(text) ?? (isTooHard(text) ? asWritten(text) : tried(text));
  if (html === null) return asWritten(text);
  keep(text, html);
  return html;
}

/** Null where there is no time to tell. */
function tried(text: string): string | null {
  const now = performance.now();
  if (now - lost.since > lossMs.within) lost = { since: now, ms: 0 };
  if (lost.ms > lossMs.most) return null;
  const before = process.cpuUsage();
  try {
    const html = withinTime(() => render(text), patienceMs(text));
    return html.length > longestHtml ? asWritten(text) : html;
  } catch (error) {
    const { user, system } = process.cpuUsage(before);
    const used = (user + system) / 1000;
    lost.ms += used;
    const isStopped = error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    return isStopped && used < budgetMs(text) ? null : asWritten(text); // the machine was busy; or nested until the stack ran out
  }
}

/** Does what it is asked to, or throws after so many milliseconds. */
function withinTime<Result>(work: () => Result, timeout: number): Result {
  let result: Result | undefined;
  sandbox.work = () => {
    result = work();
  };
  script.runInContext(sandbox, { timeout: Math.ceil(timeout) });
  return result as Result;
}

const escaped = (text: string) => text.replaceAll("&", "&#x26;").replaceAll("<", "&#x3C;");

const asWritten = (text: string) => `<p dir="auto" class="whitespace-pre-wrap">${escaped(text)}</p>`;

/** A line that begins with a letter and holds no sign that Markdown, or a formula, could mean something by. */
const plainLine = /^[\p{L}"'“‘](?:[\p{L}\p{M}\p{N} .,;:?!'"“”‘’()%/…–—-]*[\p{L}\p{M}\p{N}.,;:?!'"“”‘’()%…])?$/u;
/** What a bare address begins with. */
const address = /www\.|\/\//i;

/** Paragraphs of nothing but words, as most answers are: what the parser would make of them, without it. */
function plainParagraphs(text: string): string | null {
  if (address.test(text)) return null;
  const paragraphs = text.split(/\n\n+/);
  const isPlain = paragraphs.every((paragraph) => paragraph.split("\n").every((line) => plainLine.test(line)));
  return isPlain ? paragraphs.map((paragraph) => `<p dir="auto">${paragraph}</p>`).join("\n") : null;
}

function keep(text: string, html: string): void {
  kept.set(text, html);
  keptCharacters += text.length + html.length;
  for (const [oldest, old] of kept) {
    if (keptCharacters <= mostKept) return;
    kept.delete(oldest);
    keptCharacters -= oldest.length + old.length;
  }
}
