// Bodies of requests, read no further than their limit: nobody's upload may fill the memory of the process that serves everybody.
import { AppError } from "../../spec/errors";

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;

/** All of a body, or 413 before more than `most` bytes of it are held. `what` is its name in the refusal. */
export async function readAtMost(request: Request, most: number, what: string): Promise<Buffer<ArrayBuffer>> {
  const tooLarge = () => new AppError(413, `${what} is too large: send at most ${megabytes(most)}.`);
  if (Number(request.headers.get("content-length")) > most) throw tooLarge();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > most) throw tooLarge(); // leaving the loop cancels the stream
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

const deepest = 100;

/** JSON, refused where it is nested deeper than anything that is meant: what walks values calls itself once a level. */
export function parseJson(text: string): unknown {
  if (isDeep(text)) throw new AppError(400, `The JSON is nested more than ${deepest} levels deep.`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError(400, `This is not JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

const codes = { quote: 34, backslash: 92, open: [91, 123], close: [93, 125] };

/** By its brackets outside of texts, before anything is made of it. */
function isDeep(text: string): boolean {
  let [level, quoted] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === codes.quote) quoted = !quoted;
    else if (quoted) at += Number(code === codes.backslash);
    else if (codes.close.includes(code)) level--;
    else if (codes.open.includes(code) && ++level > deepest) return true;
  }
  return false;
}
