import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { local } from "./paths.mjs";

const folder = join(local, "logs");

/** A line on the terminal, and with the time in logs/start.log of the data folder. */
export function logLine(text) {
  process.stderr.write(`${text}\n`);
  try {
    mkdirSync(folder, { recursive: true });
    appendFileSync(join(folder, "start.log"), `${new Date().toISOString()} ${text}\n`);
  } catch (error) {
    process.stderr.write(`logs/start.log cannot be written: ${error.message}\n`); // a full disk, mostly: work goes on
  }
}
