import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Bytes of a file, or of all below a folder. One after another, so that whoever else reads files has their turn in between. */
export async function bytesIn(path: string): Promise<number> {
  const about = await lstat(path).catch(() => null); // deleted meanwhile
  if (!about?.isDirectory()) return about?.size ?? 0;
  let sum = 0;
  for (const name of await namesIn(path)) sum += await bytesIn(join(path, name));
  return sum;
}

/** None where there is no such folder. */
export const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
