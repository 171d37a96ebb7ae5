// Lines of UTF-8 bytes, decoded one by one: a line that is none is named, and the others are read.
import { isUtf8 } from "node:buffer";
import { FileDamage, halfCharacter } from "./bytes";
import { inLine, type PlaceOf } from "./json";

export interface Line {
  line: number;
  text: string;
  /** How it ends: "\n", "\r\n", "\r", or "" at the end of the file. */
  end: string;
}
export interface BadLine {
  line: number;
  reason: string;
}

/** In bytes. A row that a model can read is far shorter. */
export const longestLine = 8e6;

/** Damage is the last line's reason. With `partial`, the beginning of a file is read: its last line may be cut, and is left out. */
export async function* linesOf(parts: AsyncIterable<Buffer>, partial = false): AsyncGenerator<Line | BadLine> {
  let line = 1;
  let held: Buffer[] = [];
  let length = 0;
  const take = (end: string): (Line | BadLine)[] => {
    const bytes = Buffer.concat(held);
    const whole = length;
    [held, length] = [[], 0];
    if (whole > longestLine) return [{ line: line++, reason: tooLong(whole) }];
    const read = split(bytes, end, line);
    line += read.length;
    return read;
  };
  try {
    for await (const part of parts) {
      let start = 0;
      for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, start)) {
        hold(part.subarray(start, at));
        for (const line of take("\n")) yield line; // yield* would wait three times for each
        start = at + 1;
      }
      hold(part.subarray(start));
    }
  } catch (error) {
    if (!(error instanceof FileDamage)) throw error;
    if (!partial) yield { line, reason: error.message };
    return;
  }
  if (length > 0 && !partial) yield* take("");

  function hold(piece: Buffer) {
    length += piece.length;
    if (length > longestLine) held = [];
    else held.push(piece);
  }
}

export const tooLong = (bytes: number) =>
  `is ${(bytes / 1e6).toFixed(1)} MB long; at most ${longestLine / 1e6} MB can be read`;

/** The text before a line feed: one line, or several where carriage returns alone end them. */
function split(bytes: Buffer, end: string, line: number): (Line | BadLine)[] {
  if (!isUtf8(bytes)) return [{ line, reason: notUtf8(bytes) }];
  const text = bytes.toString("utf8");
  const [before, ending] = text.endsWith("\r") && end === "\n" ? [text.slice(0, -1), "\r\n"] : [text, end];
  const pieces = before.split("\r");
  return pieces.map((piece, i) => ({ line: line + i, text: piece, end: i < pieces.length - 1 ? "\r" : ending }));
}

/** Windows-1252 from 0x80 to 0x9F, where Latin-1 has no characters, and Node 20's TextDecoder gives none either. */
const ofWindows = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/**
 * Where bytes stop being UTF-8, and how to convert them: any bytes are text in Windows-1252 and its likes, so that only a reader can say
 * which of them it is. A replacement character that stands in the text itself is none of ours.
 */
export function notUtf8(bytes: Buffer, placeOf: PlaceOf = inLine): string {
  const text = bytes.toString("utf8");
  let at = text.indexOf("\uFFFD");
  while (
    at >= 0 &&
    bytes
      .subarray(Buffer.byteLength(text.slice(0, at)))
      .subarray(0, 3)
      .equals(replacement)
  )
    at = text.indexOf("\uFFFD", at + 1);
  const from = bytes.subarray(Buffer.byteLength(text.slice(0, at)));
  const place = `at ${placeOf(at)}`;
  if (from.subarray(0, 2).equals(halfCharacter.subarray(0, 2)))
    return `is not UTF-8: half a character (a lone surrogate) ${place}`;
  const byte = from[0]!;
  const hex = byte.toString(16).toUpperCase();
  const shown = ofWindows[byte - 0x80] ?? String.fromCharCode(byte);
  const meant = /\p{Cc}/u.test(shown) ? "" : `, which in Windows-1252 is ${shown}`;
  return `is not UTF-8: byte 0x${hex} ${place}${meant}; save the file as UTF-8, as with iconv -f WINDOWS-1252 -t UTF-8`;
}
const replacement = Buffer.from("\uFFFD");
