// The elements of one JSON array, or objects one after the other, read in parts: the file may be larger than memory, and a broken element ends nothing but itself.
import { isUtf8 } from "node:buffer";
import { FileDamage } from "./bytes";
import { type PlaceOf, whereItBreaks } from "./json";
import { type BadLine, longestLine, notUtf8, tooLong } from "./lines";

/** The text of an element, and where it begins: its line, and how many characters stand before it there. */
export interface Element {
  line: number;
  column: number;
  text: string;
}

/** Places of an element's characters in the file. */
export const placesIn =
  ({ line, column, text }: Element): PlaceOf =>
  (at) => {
    const lines = text.slice(0, at).split("\n");
    const last = lines.at(-1)!.length;
    return `line ${line + lines.length - 1}, character ${lines.length === 1 ? column + last + 1 : last + 1}`;
  };

/** With `partial`, the beginning of a file is read: what is cut off at its end is left out. Without an array, elements follow each other. */
export async function* elementsOf(
  parts: AsyncIterable<Buffer>,
  partial: boolean,
  isArray: boolean,
): AsyncGenerator<Element | BadLine> {
  const { read, end } = scanner(isArray);
  let damage = isArray ? "the array never closes: the file may be cut off here, where a comma or ] is expected" : null;
  try {
    for await (const part of parts) yield* read(part);
  } catch (error) {
    if (!(error instanceof FileDamage)) throw error;
    damage = error.message;
  }
  if (!partial) yield* end(damage);
}

const [quote, backslash, lineFeed, comma, opens, closes] = [0x22, 0x5c, 0x0a, 0x2c, 0x5b, 0x5d];
const isOpening = (byte: number) => byte === 0x7b || byte === opens;
const isClosing = (byte: number) => byte === 0x7d || byte === closes;
const isBlank = (byte: number) => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === lineFeed;
/** Within a text, what neither ends it nor changes how the next byte is read. */
const isPlain = (byte: number) => byte !== quote && byte !== backslash && byte !== lineFeed;
/** Of a character in UTF-8, beside the first. */
const goesOn = (byte: number) => (byte & 0xc0) === 0x80;

/**
 * A line feed within quotes breaks an element. One whose brackets never close is read again from its second line, and from then on every
 * element ends where a line begins as it did; so does reading go on after one that is broken.
 */
function scanner(isArray: boolean) {
  let state: "between" | "value" | "word" | "lost" = "between";
  let [line, column, blank] = [1, -1, true]; // of the byte at hand; `blank` while its line has begun with nothing else
  let start = { line, column };
  let held: Buffer[] = []; // of the element at hand
  let [size, depth, record] = [0, 0, 0];
  let [inText, escaped, inArray, closed, suspicious] = [false, false, !isArray, false, false];

  const begin = (next: "value" | "word") => {
    [state, start, held, size, depth, inText, escaped] = [next, { line, column }, [], 0, 0, false, false];
    record++;
  };
  const bad = (reason: string): BadLine => ({ line: start.line, reason: `record ${record}: ${reason}` });
  const hold = (piece: Buffer) => {
    size += piece.length;
    if (size <= longestLine) held.push(piece);
  };
  const value = (): Element | BadLine => {
    const bytes = Buffer.concat(held);
    if (size > longestLine) return bad(tooLong(size));
    return isUtf8(bytes) ? element(bytes) : bad(notUtf8(bytes, placesIn(element(bytes))));
  };
  const element = (bytes: Buffer): Element => ({
    line: start.line,
    column: start.column,
    text: bytes.toString("utf8"),
  });
  /** Of an element whose quotes or brackets do not close. */
  const unclosed = (): BadLine => {
    if (size > longestLine) return bad(tooLong(size));
    const begun = element(Buffer.concat(held));
    return bad(`not JSON: ${whereItBreaks(begun.text, placesIn(begun))}`);
  };
  const beginsAlike = (byte: number, first: boolean) => first && isOpening(byte) && column <= start.column;

  function* again(): Generator<Element | BadLine> {
    const bytes = Buffer.concat(held);
    yield unclosed();
    [state, suspicious] = ["lost", true];
    [line, column, blank] = [start.line, start.column - 1, false];
    yield* read(bytes);
  }

  function* read(part: Buffer): Generator<Element | BadLine> {
    let from = 0; // where this part's share of the element begins
    for (let at = 0; at < part.length; at++) {
      const byte = part[at]!;
      const first = blank && !isBlank(byte);
      if (byte === lineFeed) {
        line++;
        column = -1;
        blank = true;
      } else {
        if (!goesOn(byte)) column++;
        if (first) blank = false;
      }
      if (state === "value") {
        if (suspicious && !inText && beginsAlike(byte, first)) {
          hold(part.subarray(from, at));
          yield unclosed();
          [state, from] = ["between", at];
        } else if (escaped) escaped = false;
        else if (inText) {
          if (byte === backslash) escaped = true;
          else if (byte === quote) inText = false;
          else if (byte === lineFeed) {
            hold(part.subarray(from, at));
            yield unclosed();
            state = "lost";
          } else {
            // the rest of the text at once, since most of a file is text
            while (at + 1 < part.length && isPlain(part[at + 1]!)) if (!goesOn(part[++at]!)) column++;
          }
        } else if (byte === quote) inText = true;
        else if (isOpening(byte)) depth++;
        else if (isClosing(byte) && --depth === 0) {
          hold(part.subarray(from, at + 1));
          yield value();
          state = "between";
          continue;
        }
      }
      if (state === "word" && (byte === comma || byte === closes || byte === lineFeed)) {
        yield bad("is no object");
        state = "between";
      }
      if (state === "lost" && beginsAlike(byte, first)) state = "between";
      if (state !== "between" || isBlank(byte) || byte === comma) continue;
      if (byte === closes && isArray) closed = true;
      else if (byte === opens && !inArray) inArray = true;
      else {
        begin(isOpening(byte) ? "value" : "word");
        [from, depth, inText] = [at, isOpening(byte) ? 1 : 0, false];
      }
    }
    if (state === "value") {
      hold(part.subarray(from));
      if (size > longestLine && !suspicious) yield* again();
    }
  }

  function* end(damage: string | null): Generator<Element | BadLine> {
    if (state === "value" && !suspicious && !closed) yield* again();
    if (damage !== null && !closed) yield { line, reason: damage };
  }
  return { read, end };
}
