// The body of an answer that is made while it is sent.
import { AsyncLocalStorage } from "node:async_hooks";
import { Readable } from "node:stream";

/** Read for whoever asked: the route has answered by then. */
export function sent(lines: Generator<string>): Readable {
  const asNow = AsyncLocalStorage.snapshot();
  const bytes = inBytes(lines);
  return Readable.from({ [Symbol.iterator]: () => ({ next: () => asNow(() => bytes.next()) }) });
}

function* inBytes(lines: Generator<string>): Generator<Buffer> {
  for (const line of lines) yield Buffer.from(line);
}

/** A file to be saved under this name. */
export const sentFile = (body: Readable, name: string, type: string): Response =>
  new Response(Readable.toWeb(body) as ReadableStream, {
    headers: { "content-type": type, "content-disposition": `attachment; filename="${name}"` },
  });
