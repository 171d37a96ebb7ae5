// Refuses to serve what is damaged or cannot be written, with what to do.
import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../common/command-line";
import { dataFolder, teamUrl } from "../../common/env";
import { backupsFolder, databaseFiles, manifestFile } from "../backup/manifest";
import { faultsOf } from "../db/soundness";

/** Of the databases that are there; SQLite's quick check reads each of them once. */
export function requireUsable(): void {
  requireAddress();
  for (const path of Object.values(databaseFiles).map((file) => join(dataFolder(), file))) {
    if (!existsSync(path)) continue;
    requireWritable(path);
    const [fault] = faultsOf(path, "quick_check");
    if (fault) throw new Refusal(`${path} is damaged: ${fault}. ${whatToDo()}`);
  }
}

function requireAddress(): void {
  try {
    teamUrl();
  } catch (error) {
    throw new Refusal((error as Error).message, { cause: error });
  }
}

function requireWritable(path: string): void {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Refusal(
      `${path} cannot be read and written (${code}); give yourself the right to, or the data another folder: WORKBENCH_DATA=FOLDER npm start`,
      { cause: error },
    );
  }
}

function whatToDo(): string {
  const newest = newestBackup();
  return newest
    ? `Restore a backup, which keeps the damaged files aside: npm run workbench -- restore ${newest} --replace`
    : `There is no backup in ${backupsFolder()}. If you have one elsewhere, restore it (docs/backup.md); else move the file away to begin with an empty one`;
}

function newestBackup(): string | undefined {
  const names = existsSync(backupsFolder()) ? readdirSync(backupsFolder()) : [];
  const folders = names.map((name) => join(backupsFolder(), name));
  const dated = folders.flatMap((folder) => {
    const at = statSync(join(folder, manifestFile), { throwIfNoEntry: false })?.mtimeMs;
    return at === undefined ? [] : [{ folder, at }];
  });
  return dated.sort((a, b) => a.at - b.at).at(-1)?.folder;
}
