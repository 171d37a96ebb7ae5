// Whether anything was written to a database, which costs two microseconds to ask where reading it again costs hundreds.
import type { Db } from "./client";

/** Differs from an earlier one if a row was written since, by this connection or by another one; may differ without. */
export function stateOf({ $client }: Db): string {
  const byOthers = $client.prepare("PRAGMA data_version").pluck().get();
  const byUs = $client.prepare("SELECT total_changes()").pluck().get();
  return `${byOthers}/${byUs}`;
}
