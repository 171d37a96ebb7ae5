import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * A folder with those above it. Node's own `recursive` tries for ever where the kernel says of every new folder that it is not there, as it
 * does below /proc.
 * @param {string} path
 * @param {number} [mode]
 */
export function makeFolder(path, mode) {
  if (existsSync(path)) return;
  makeFolder(dirname(path), mode);
  try {
    mkdirSync(path, mode);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error; // made by another process meanwhile
  }
}
