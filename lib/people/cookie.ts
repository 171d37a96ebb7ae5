// Who sits at a browser, in a cookie that only this installation can write: a number alone would let anybody be anybody.
import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import { secret } from "../secret";

const markOf = (id: number): string => createHmac("sha256", secret()).update(`annotator/${id}`).digest("base64url");

export const signed = (id: number): string => `${id}.${markOf(id)}`;

/** The annotator of a cookie; null where we did not write it. Plain numbers of older versions are none: their people give their name again. */
export function annotatorOf(cookie: string | undefined): number | null {
  const [, id, mark] = /^([1-9]\d{0,14})\.([\w-]+)$/.exec(cookie ?? "") ?? [];
  if (!id || !mark) return null;
  const [given, right] = [Buffer.from(mark), Buffer.from(markOf(Number(id)))];
  return given.length === right.length && timingSafeEqual(given, right) ? Number(id) : null;
}
