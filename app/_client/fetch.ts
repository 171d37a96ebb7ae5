// The browser's side of http.ts: JSON in, JSON out, and an Error whose message the page can show. Answers are taken to be what the caller says:
// for the annotation screen, where zod would be a fifth of its JavaScript. Other pages ask through checked-fetch.ts.
import type { Problem, Refusal } from "../../spec/errors";
import { here } from "../_messages/translate";

export class RequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly problems: Problem[] = [],
    /** What the server will never take, so that sending it again is of no use. */
    readonly refused?: "vote",
  ) {
    super(message);
  }
}

export async function request<T>(path: string, init?: RequestInit): Promise<T> {
  const t = here();
  const headers = new Headers(init?.headers);
  headers.set("accept-language", t.language);
  const response = await fetch(path, { ...init, headers });
  const { status } = response;
  const json: unknown = await response.json().catch(() => {
    throw new RequestError(status, t("error.notJson", { status }));
  });
  if (response.ok) return json as T;
  if (!isRefusal(json)) throw new RequestError(status, t("error.noReason", { status }));
  throw new RequestError(status, json.error, json.problems, json.refused);
}

/** What answers may also be a proxy, or Next itself. */
const isRefusal = (json: unknown): json is Refusal =>
  typeof json === "object" && json !== null && "error" in json && typeof json.error === "string";

/** Small requests are still sent where the page is left meanwhile. Browsers allow 64 KiB of them at a time. */
export function send<T>(method: "POST" | "PATCH", path: string, value: unknown): Promise<T> {
  const body = JSON.stringify(value);
  return request(path, { method, headers: { "content-type": "application/json" }, body, keepalive: body.length < 9e3 });
}
