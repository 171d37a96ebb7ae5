// Where a name that was erased may still stand: in what is left of old rows within the database files, which is being cleared, and in copies of them.
import "server-only";
import { existsSync, readdirSync } from "node:fs";
import { dataFolder, replica } from "../../common/env";
import { backupsFolder } from "../backup/manifest";
import { isVacuumDue } from "./vacuum-due";

/** In sentences, each with what to do. */
export const remainingCopies = (): string[] => [...inTheFiles(), ...inBackups(), ...inReplica()];

const inTheFiles = (): string[] =>
  isVacuumDue()
    ? [
        "Unused parts of the database files may have old rows until they have been written anew, which the menu of jobs shows. If that fails: run workbench vacuum.",
      ]
    : [];

function inBackups(): string[] {
  const own = existsSync(backupsFolder()) ? readdirSync(backupsFolder()) : [];
  const replaced = readdirSync(dataFolder()).filter((name) => name.startsWith("before-restore-"));
  const count = own.length + replaced.length;
  if (count === 0) return [];
  return [
    `${count === 1 ? "A backup" : `${count} backups`} in ${dataFolder()} ${count === 1 ? "has" : "have"} the name until you delete ${count === 1 ? "it" : "them"} (${[...own, ...replaced].join(", ")}). Whoever restores one erases the person again.`,
  ];
}

function inReplica(): string[] {
  const place = replica();
  if (place === undefined) return [];
  return [
    `The replica at ${place} has the name in its earlier states, which Litestream removes by itself within two days. Whoever restores one of them erases the person again.`,
  ];
}
