import { Command } from "commander";
import { print } from "../../common/command-line";

export const backup = new Command("backup")
  .description("copy the databases and the files that belong to them into a folder, also while the workbench runs")
  .argument("[folder]", "one that is not there yet; by default backups/TIME of the data folder")
  .option("--no-runs", "leave out what runs wrote: checkpoints, adapters, events")
  .action(async (folder: string | undefined, { runs }: { runs: boolean }) => {
    const [{ resolve }, { backupsFolder, parts }, { takeBackup }, { timeStamp }] = await Promise.all([
      import("node:path"),
      import("../backup/manifest"),
      import("../backup/take-backup"),
      import("../backup/time-stamp"),
    ]);
    const now = Date.now();
    const path = resolve(folder ?? `${backupsFolder()}/${timeStamp(now)}`);
    const { files } = takeBackup(
      path,
      parts.filter((part) => runs || part !== "runs"),
      now,
    );
    print({ folder: path, files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) });
  });
