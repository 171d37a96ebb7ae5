// Requests whose answers are read by the schema that the server's side is typed by: how every page asks but the annotation screen.
import type { z } from "zod";
import { here } from "../_messages/translate";
import { request as ask } from "./fetch";

export async function request<T>(path: string, answer: z.ZodType<T>, init?: RequestInit): Promise<T> {
  const { data, error } = answer.safeParse(await ask(path, init));
  if (!error) return data;
  const { path: field, message } = error.issues[0]!;
  throw new Error(here()("error.otherVersion", { detail: `${path}, ${field.join(".")}: ${message}` }), {
    cause: error,
  });
}

export const send = <T>(
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  value: unknown,
  answer: z.ZodType<T>,
  signal: AbortSignal | null = null,
) =>
  request(path, answer, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
    signal,
  });
