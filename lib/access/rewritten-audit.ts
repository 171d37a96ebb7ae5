// The audit log is appended to, never changed: triggers refuse it. Two things may all the same, the erasure of a person and the time for which
// entries are kept. Unmarked, so that the runner does it in plain Node.
import { appDb } from "../db/client";

/** Within a transaction, without those triggers, and with what is deleted overwritten in the file. If it fails, they are as they were. */
export function rewritingAudit(work: () => void): void {
  const { $client: sqlite } = appDb();
  const triggers = sqlite
    .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'")
    .all() as { name: string; sql: string }[];
  sqlite.pragma("secure_delete = ON");
  try {
    for (const { name } of triggers) sqlite.exec(`DROP TRIGGER "${name}"`);
    work();
    for (const { sql } of triggers) sqlite.exec(sql);
  } finally {
    sqlite.pragma("secure_delete = OFF");
  }
}
