import { Command } from "commander";
import { AlreadyReported, print, say } from "../../common/command-line";

export const verify = new Command("verify")
  .description("check hashes, databases and the files that rows refer to, of a backup or of the data at hand")
  .argument("[folder]", "of the backup; by default the data at hand")
  .action(async (folder: string | undefined) => {
    const { faultsOfBackup, faultsOfData } = await import("../backup/verify");
    const faults = folder === undefined ? faultsOfData() : faultsOfBackup(folder);
    for (const fault of faults) say(fault);
    print({ sound: faults.length === 0, faults: faults.length });
    if (faults.length > 0) throw new AlreadyReported(1);
  });
