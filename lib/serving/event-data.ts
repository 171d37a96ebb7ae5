// Server-sent events, as far as OpenAI's API uses them: a line of JSON each, until one that says [DONE].
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream as WebStream } from "node:stream/web";

/** What the events of a stream hold. */
export async function* eventData(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  for await (const line of createInterface({ input: Readable.fromWeb(body as WebStream) })) {
    if (!line.startsWith("data: ") || line === "data: [DONE]") continue;
    yield JSON.parse(line.slice("data: ".length));
  }
}
