// Whether a completion gives the right answer. What it claims stands in \boxed{…}, after ####, or after "answer is" or "answer:"; where it says
// nothing of the kind the whole text counts. The same is read from the right answer itself, as GSM8K's column holds its solution too.
import type { RewardSource } from "../../spec/fields/rewards";
import { isSameQuantity, quantityIn } from "./quantity";

type Match = NonNullable<RewardSource["rules"]["answer"]>["match"];

export function isRight(text: string, truth: string, match: Match): boolean {
  const spoken = text.split("</think>").at(-1)!;
  const [claimed, right] = [claim(spoken), claim(truth)];
  if (match === "contains") return plain(spoken).includes(plain(truth));
  if (match === "exact") return plain(claimed) === plain(right);
  if (match === "choice") return letterOf(right) !== null && letterOf(claimed) === letterOf(right);
  const quantity = match === "quantity" ? quantityIn(right) : null;
  if (quantity) {
    const given = quantityIn(claimed);
    return given !== null && isSameQuantity(given, quantity);
  }
  const [number, wanted] = [numberOf(claimed), numberOf(right)];
  return number !== null && wanted !== null && Math.abs(number - wanted) <= sixDecimals;
}

/** Numbers are equal to six decimals, as math-verify takes them. */
const sixDecimals = 5e-7;

/** What a text gives as its answer; all of it where it does not say. */
function claim(text: string): string {
  const boxed = text.lastIndexOf("\\boxed{");
  if (boxed >= 0) return braced(text, boxed + "\\boxed{".length);
  const marked = text.lastIndexOf("####");
  if (marked >= 0) return text.slice(marked + 4);
  const said = [...text.matchAll(/\banswer(?:\s+is\b|\s*:)\s*:?/gi)].at(-1);
  return said ? text.slice(said.index + said[0].length).split("\n", 1)[0]! : text;
}

/** Up to the brace that closes what was opened before `from`. */
function braced(text: string, from: number): string {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}" && --depth === 0) return text.slice(from, at);
  }
  return text.slice(from);
}

const plain = (text: string) =>
  text
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[.\s]+$/, "");

/** The last letter from A to J that stands by itself. */
const letterOf = (text: string): string | null => text.match(/(?<![A-Za-z'])[A-J](?![A-Za-z'])/g)?.at(-1) ?? null;

const decimal = String.raw`\d+(?:,\d{3})*(?:\.\d+)?|\.\d+`;
const fraction = String.raw`\\[dt]?frac\{(?<top>[\d.]+)\}\{(?<bottom>[\d.]+)\}`;
const numbers = new RegExp(
  String.raw`(?<sign>(?<![\w)])[-−])?\s*\$?\s*(?:${fraction}|(?<whole>${decimal})(?:\s*/\s*(?<part>${decimal}))?)(?<percent>\s*\\?%)?`,
  "g",
);

/** The last number in a text: 1,234.5, 3/4, \frac{3}{4}, 75 %. */
function numberOf(text: string): number | null {
  const found = [...text.matchAll(numbers)].at(-1)?.groups;
  if (!found) return null;
  const read = (digits: string | undefined) => Number((digits ?? "1").replaceAll(",", ""));
  const value = read(found.whole ?? found.top) / read(found.part ?? found.bottom);
  return (found.sign ? -value : value) / (found.percent ? 100 : 1);
}
