// Files of training sets are named by their hash and never change.
import { fileHash } from "../../common/file-hash";

/** Throws where a file is not the one that was stored under its hash; `name` is what people call it. */
export function requireUnchanged(file: string, sha256: string, name: string): void {
  const hash = fileHash(file);
  if (hash !== sha256)
    throw new Error(
      `${name} at ${file} was changed after it was saved: its SHA-256 is ${hash.slice(0, 12)}… and should be ${sha256.slice(0, 12)}…. Restore the file, or create the training set again`,
    );
}
