import { Command } from "commander";
import { print, Refusal, say } from "../../common/command-line";

export const restore = new Command("restore")
  .description("put a backup in the place of the data, which are kept aside")
  .argument("<folder>", "of the backup")
  .option("--replace", "also where there are data already")
  .action(async (folder: string, { replace = false }: { replace?: boolean }) => {
    const [{ takeLock }, { restoreBackup }] = await Promise.all([
      import("../../scripts/setup/lock.mjs"),
      import("../backup/restore-backup"),
    ]);
    try {
      takeLock("no address: it restores a backup");
    } catch (error) {
      throw new Refusal(`${(error as Error).message} Stop it first, with Ctrl-C.`, { cause: error });
    }
    const restored = restoreBackup(folder, replace, Date.now());
    if (restored.aside) say(`What was there before is in ${restored.aside}; delete it once it is not needed.`);
    print(restored);
  });
