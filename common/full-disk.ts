// A full disk is waited for: whoever can make room on it is not asked to start anything again.
import { writeSync } from "node:fs";

/** Whether an error, or what caused it, says that the disk is full. */
export function isDiskFull(error: unknown): boolean {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  return cause instanceof Error && "code" in cause && /^(ENOSPC|EDQUOT|SQLITE_FULL)$/.test(String(cause.code));
}

const pauseMs = 1000;

/** Does `work` as soon as the disk has room for it. Blocks meanwhile; `work` has to be fit to be done again. */
export function whenThereIsRoom<T>(work: () => T): T {
  for (;;)
    try {
      return work();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
}

/** Appends to a file that is open for it. What a full disk took of it stays, and the rest follows. */
export function appendWhole(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += whenThereIsRoom(() => writeSync(file, bytes, written));
}
