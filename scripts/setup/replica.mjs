// A second copy of both databases that is never more than about a second old, kept by Litestream in a folder or an S3-compatible store.
import { join, relative, resolve } from "node:path";
import { litestream } from "./litestream.mjs";
import { makeFolder } from "./make-folder.mjs";
import { writeAtomic } from "./paths.mjs";
import { SetupError } from "./report.mjs";
import { run } from "./shell.mjs";

export const replicatedFiles = ["app.db", "metrics.db"];

/** Between two looks at a database, and between two writes of what has changed. */
const interval = "250ms";

/** Where the copy is: WORKBENCH_REPLICA, or null. */
export const replicaPlace = () => process.env.WORKBENCH_REPLICA || null;

/** Of one database of a data folder, as Litestream takes it. Throws a sentence where it is no place for a copy. */
export function replicaOf(place, data, name) {
  if (/^s3:\/\/[^/]/.test(place)) {
    const url = new URL(place);
    url.pathname = join(url.pathname, name);
    return { url: url.href };
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
  return { type: "file", path: join(folder, name) };
}

/** Litestream and its arguments for one of its commands, with settings (JSON is YAML) written to `file`. */
export async function litestreamCommand(command, { place, data, file, say }) {
  const program = await litestream(say);
  const dbs = replicatedFiles.map((name) => ({
    path: join(resolve(data), name),
    "monitor-interval": interval,
    replica: { ...replicaOf(place, data, name), "sync-interval": interval },
  }));
  writeAtomic(file, `${JSON.stringify({ logging: { level: "warn" }, dbs }, null, 1)}\n`);
  return [program, command, "-no-expand-env", "-config", file];
}

/** The command that copies a data folder's databases for as long as the process that starts it lives. */
export async function replicaCommand(place, data, say) {
  const file = join(data, "litestream.json");
  return ["setpriv", "--pdeathsig", "KILL", ...(await litestreamCommand("replicate", { place, data, file, say }))];
}

/** Throws, with what to do, where new databases would be copied over a copy that is there already: after the loss of a disk it is the only one. */
export async function requireNoCopy(place, data, say) {
  makeFolder(data, 0o700);
  const file = join(data, "litestream.json");
  const [program, ...words] = await litestreamCommand("ltx", { place, data, file, say });
  for (const name of replicatedFiles) {
    const listed = JSON.parse(await run(program, [...words, "-level", "all", "-json", join(resolve(data), name)]));
    if (listed?.length > 0)
      throw new SetupError(
        `${data} has no databases, and ${place} holds a copy of some: npm run workbench -- restore --from-replica puts them here. To begin anew, give another WORKBENCH_REPLICA.`,
      );
  }
}
