// The browser's side of http.ts: JSON in, JSON out, and an Error whose message the page can show.
import type { Problem } from "./errors";

export class RequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly problems: Problem[] = [],
  ) {
    super(message);
  }
}

export async function request<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init);
  const json: unknown = await response.json().catch(() => ({ error: `The server answered ${response.status}.` }));
  if (response.ok) return json as T;
  const { error, problems } = json as { error: string; problems?: Problem[] };
  throw new RequestError(response.status, error, problems);
}

export const send = <T>(method: "POST" | "PATCH", path: string, value: unknown) =>
  request<T>(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(value) });
