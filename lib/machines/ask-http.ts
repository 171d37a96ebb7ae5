// A scheduler's server, asked. Not by `fetch`, whose header Sec-Fetch-Mode Ray takes for a browser's: it lets browsers submit nothing.
import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { text } from "node:stream/consumers";
import { explain } from "../../common/explain";
import { Unreachable } from "./unreachable";

const patienceMs = 30_000;

export interface Answer {
  status: number;
  body: string;
}

/** Whatever the status. `body` is sent as JSON. Throws Unreachable where there is no answer. */
export const askHttp = (method: "GET" | "POST", url: string, body?: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = url.startsWith("https:") ? overHttps : overHttp;
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const fail = (cause: Error) => reject(new Unreachable(`${url} cannot be reached: ${explain(cause)}`, { cause }));
    const asked = request(url, { method, headers, signal: AbortSignal.timeout(patienceMs) }, (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode!, body }), fail);
    });
    asked.on("error", fail);
    asked.end(body);
  });
