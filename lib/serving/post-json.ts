// A request that waits for its answer however long it takes: fetch gives up after five minutes in which none has begun, which is less than
// a long answer takes that is not streamed.
import "server-only";
import { request } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream as WebStream } from "node:stream/web";

export function postJson(
  url: string,
  body: object,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const asked = { method: "POST", headers: { "content-type": "application/json", ...headers }, signal };
    const sent = request(url, { ...asked, agent: false }); // no connection that the server may be closing
    sent.on("response", (answer) => {
      const type = answer.headers["content-type"];
      const stream = Readable.toWeb(answer) as WebStream<Uint8Array> as ReadableStream<Uint8Array>;
      resolve(new Response(stream, { status: answer.statusCode!, headers: type ? { "content-type": type } : {} }));
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
  });
}
