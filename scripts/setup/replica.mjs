// A second copy of both databases that is never more than about a second old, kept by Litestream in a folder or an S3-compatible store.
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { litestream } from "./litestream.mjs";
import { writeAtomic } from "./paths.mjs";
import { SetupError } from "./report.mjs";

export const replicatedFiles = ["app.db", "metrics.db"];

/** Between two looks at a database, and between two writes of what has changed. */
const interval = "250ms";

/** Where the copy is: WORKBENCH_REPLICA, or null. */
export const replicaPlace = () => process.env.WORKBENCH_REPLICA || null;

/** Of one database of a data folder, as Litestream takes it: file:///…/app.db, s3://bucket/…/app.db?endpoint=…. Throws a sentence where it is no place for a copy. */
export function replicaUrl(place, data, name) {
  if (/^s3:\/\/[^/]/.test(place)) {
    const url = new URL(place);
    url.pathname = join(url.pathname, name);
    return url.href;
  }
  if (/^[a-z0-9]+:\/\//i.test(place))
    throw new SetupError(
      `WORKBENCH_REPLICA is ${place}; give a folder, or s3://bucket/path of an S3-compatible store.`,
    );
  const folder = resolve(place);
  if (!relative(resolve(data), folder).startsWith(".."))
    throw new SetupError(
      `WORKBENCH_REPLICA is ${place}, which is in the data folder ${data}; give a folder on another disk, so that the loss of this one leaves it.`,
    );
  return pathToFileURL(join(folder, name)).href;
}

/** Writes Litestream's settings (JSON is YAML) and returns the command that copies a data folder's databases for as long as the process that starts it lives. */
export async function replicaCommand(place, data, say) {
  const program = await litestream(say);
  const dbs = replicatedFiles.map((name) => ({
    path: join(resolve(data), name),
    "monitor-interval": interval,
    replica: { url: replicaUrl(place, data, name), "sync-interval": interval },
  }));
  const file = join(data, "litestream.json");
  writeAtomic(file, `${JSON.stringify({ logging: { level: "warn" }, dbs }, null, 1)}\n`);
  return ["setpriv", "--pdeathsig", "KILL", program, "replicate", "-no-expand-env", "-config", file];
}
