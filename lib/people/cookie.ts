// Who sits at a browser, in a cookie that only this installation can write: a number alone would let anybody be anybody.
import "server-only";
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "../../common/env";

/** Made when it is first asked for; whoever asks at the same time reads the one that was first. */
function secret(): string {
  const file = join(dataFolder(), "secret");
  try {
    writeFileSync(file, randomBytes(32).toString("hex"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return readFileSync(file, "utf8");
}

const markOf = (id: number): string => createHmac("sha256", secret()).update(`annotator/${id}`).digest("base64url");

export const signed = (id: number): string => `${id}.${markOf(id)}`;

/** The annotator of a cookie; null where we did not write it. Plain numbers of older versions are none: their people give their name again. */
export function annotatorOf(cookie: string | undefined): number | null {
  const [, id, mark] = /^([1-9]\d{0,14})\.([\w-]+)$/.exec(cookie ?? "") ?? [];
  if (!id || !mark) return null;
  const [given, right] = [Buffer.from(mark), Buffer.from(markOf(Number(id)))];
  return given.length === right.length && timingSafeEqual(given, right) ? Number(id) : null;
}
