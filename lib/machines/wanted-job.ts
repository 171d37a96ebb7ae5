// Which job is to train an attempt, said in the run's folder: schedulers start a job late that was cancelled, accept one and fail to say so, and start one anew
// that nobody follows any more. Each looks there before it begins and while it trains. The file is written in place and never removed: what stands in
// a file NFS asks for anew when it is opened, that there is none it may remember for a minute.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attemptFile } from "../../spec/events";

const wantedFile = (folder: string, attempt: number) => join(folder, `attempt-${attempt}.job`);

/** From now on the job of that name is the attempt's; null: none is. */
export const want = (folder: string, attempt: number, name: string | null): void =>
  writeFileSync(wantedFile(folder, attempt), name ?? "");

/** Whether a job is not to begin, or not to go on: another one trains the attempt, nobody follows it, or the run has a newer attempt. */
export function isUnwanted(folder: string, attempt: number, name: string | undefined): boolean {
  const wanted = wantedIn(wantedFile(folder, attempt));
  return existsSync(join(folder, attemptFile(attempt + 1))) || (wanted !== null && wanted !== name);
}

/** Whether another one is the attempt's by now: what becomes of the attempt is that one's to say. */
export function isReplaced(folder: string, attempt: number, name: string | undefined): boolean {
  const wanted = wantedIn(wantedFile(folder, attempt));
  return Boolean(wanted) && wanted !== name;
}

/** Null where nothing can be read: that ends no job. */
function wantedIn(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
