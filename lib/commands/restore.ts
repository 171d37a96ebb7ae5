import { Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { print, Refusal, say } from "../../common/command-line";
import { replica } from "../../common/env";

const isoTime = z.iso.datetime({ offset: true });

/** With its time zone, so that nobody's own is guessed. */
function time(text: string): Date {
  if (!isoTime.safeParse(text).success)
    throw new InvalidArgumentError("It must be a time with its zone, such as 2026-11-29T09:30:00Z.");
  return new Date(text);
}

interface Options {
  replace?: boolean;
  fromReplica?: string | true;
  at?: Date;
}

export const restore = new Command("restore")
  .description("put a backup in the place of the data, which are kept aside")
  .argument("[folder]", "of the backup")
  .option(
    "--from-replica [place]",
    "the databases of a replica instead: WORKBENCH_REPLICA, or this folder or s3:// address",
  )
  .option(
    "--at <time>",
    "of a replica: as it was then, such as 2026-11-29T09:30:00Z; the newest where it is not given",
    time,
  )
  .option("--replace", "also where there are data already")
  .action(async (folder: string | undefined, { replace = false, fromReplica, at }: Options) => {
    const place = fromReplica === true ? replica() : fromReplica;
    if ((folder === undefined) === (place === undefined))
      throw new Refusal(
        fromReplica === true && !place
          ? "WORKBENCH_REPLICA is not set; say where the replica is: --from-replica FOLDER"
          : "Name the folder of a backup, or --from-replica with where it is",
      );
    if (at && folder !== undefined)
      throw new Refusal("--at is of a replica; a backup is what it was when it was taken");
    const { takeLock } = await import("../../scripts/setup/lock.mjs");
    try {
      takeLock("no address: it restores data");
    } catch (error) {
      throw new Refusal(`${(error as Error).message} Stop it first, with Ctrl-C.`, { cause: error });
    }
    const restored =
      folder === undefined
        ? await (await import("../backup/restore-replica")).restoreReplica(place!, { replace, at }, Date.now())
        : (await import("../backup/restore-backup")).restoreBackup(folder, replace, Date.now());
    if (restored.aside) say(`What was there before is in ${restored.aside}; delete it once it is not needed.`);
    print(restored);
  });
