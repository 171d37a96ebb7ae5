import { Command } from "commander";
import { print, Refusal, say } from "../../common/command-line";
import { replica } from "../../common/env";

interface Options {
  replace?: boolean;
  fromReplica?: string | true;
}

export const restore = new Command("restore")
  .description("put a backup in the place of the data, which are kept aside")
  .argument("[folder]", "of the backup")
  .option(
    "--from-replica [place]",
    "the databases of a replica instead: WORKBENCH_REPLICA, or this folder or s3:// address",
  )
  .option("--replace", "also where there are data already")
  .action(async (folder: string | undefined, { replace = false, fromReplica }: Options) => {
    const place = fromReplica === true ? replica() : fromReplica;
    if ((folder === undefined) === (place === undefined))
      throw new Refusal(
        fromReplica === true && !place
          ? "WORKBENCH_REPLICA is not set; say where the replica is: --from-replica FOLDER"
          : "Name the folder of a backup, or --from-replica with where it is",
      );
    const { takeLock } = await import("../../scripts/setup/lock.mjs");
    try {
      takeLock("no address: it restores data");
    } catch (error) {
      throw new Refusal(`${(error as Error).message} Stop it first, with Ctrl-C.`, { cause: error });
    }
    const restored =
      folder === undefined
        ? await (await import("../backup/restore-replica")).restoreReplica(place!, replace, Date.now())
        : (await import("../backup/restore-backup")).restoreBackup(folder, replace, Date.now());
    if (restored.aside) say(`What was there before is in ${restored.aside}; delete it once it is not needed.`);
    print(restored);
  });
