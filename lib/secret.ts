// What only this installation knows, by which it recognises cookies that it wrote.
import "server-only";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "../common/env";

/** Made when it is first asked for; whoever asks at the same time reads the one that was first. */
export function secret(): string {
  const file = join(dataFolder(), "secret");
  try {
    writeFileSync(file, randomBytes(32).toString("hex"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return readFileSync(file, "utf8");
}
