// Puts the databases of a replica (scripts/setup/replica.mjs) in the place of those at hand, which are kept aside.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { Refusal } from "../../common/command-line";
import { dataFolder } from "../../common/env";
import { makeFolder } from "../../scripts/setup/make-folder.mjs";
import { litestreamCommand } from "../../scripts/setup/replica.mjs";
import { faultsOf, reading } from "../db/soundness";
import { databaseFiles } from "./manifest";
import { isOfDatabase, keepAside, moveRows } from "./restore-backup";

export interface RestoredReplica {
  from: string;
  /** When the last thing happened that its events tell of. */
  newest: string | null;
  aside: string | null;
}

/** `replace`: also where there are data already. `at`: as they were then, else the newest. Nobody else may use the data folder meanwhile. */
export async function restoreReplica(
  place: string,
  { replace, at }: { replace: boolean; at: Date | undefined },
  now: number,
): Promise<RestoredReplica> {
  const data = dataFolder();
  makeFolder(data, 0o700);
  const old = readdirSync(data).filter(isOfDatabase);
  if (old.length > 0 && !replace)
    throw new Refusal(
      `${data} has data already (${old.join(", ")}); with --replace they are kept aside and the replica takes their place`,
    );
  const scratch = join(data, `restoring-${process.pid}`);
  makeFolder(scratch, 0o700);
  try {
    const file = join(scratch, "litestream.json");
    const command = await litestreamCommand("restore", { place, data, file, say() {} });
    for (const name of Object.values(databaseFiles)) fetchDatabase(command, join(data, name), join(scratch, name), at);
    const app = join(scratch, databaseFiles.app);
    const former = formerDataFolder(app);
    if (former !== null && former !== data) moveRows(app, former, data);
    const aside = old.length > 0 ? keepAside(old, now) : null;
    for (const name of Object.values(databaseFiles)) renameSync(join(scratch, name), join(data, name));
    return { from: place, newest: newestVote(join(data, databaseFiles.app)), aside };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function fetchDatabase([program, ...words]: string[], database: string, to: string, at: Date | undefined): void {
  const then = at ? ["-timestamp", at.toISOString()] : [];
  const { status, stderr } = spawnSync(program!, [...words, ...then, "-o", to, database], { encoding: "utf8" });
  const said = stderr.trim().split("\n").at(-1)!;
  if (status !== 0 || !existsSync(to))
    throw new Refusal(`${basename(database)} cannot be restored: ${said || `status ${status}`}`);
  const [fault] = faultsOf(to, "integrity_check");
  if (fault) throw new Refusal(`${basename(database)} was not restored: ${fault}`);
}

/** The data folder that its rows name, by where the first run wrote; null where there is none that tells. */
const formerDataFolder = (path: string): string | null =>
  reading(path, (sqlite) => {
    const outputs = sqlite.prepare("SELECT id, json_extract(config, '$.output') AS output FROM runs").all();
    const within = (outputs as { id: string; output: string | null }[]).find(({ id, output }) =>
      output?.endsWith(join("/runs", id)),
    );
    return within ? within.output!.slice(0, -join("/runs", within.id).length) : null;
  });

const newestVote = (path: string): string | null =>
  reading(path, (sqlite) => {
    const at = sqlite.prepare("SELECT max(created_at) FROM judgements").pluck().get() as number | null;
    return at === null ? null : new Date(at).toISOString();
  });
