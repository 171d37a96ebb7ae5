// What the Storage page shows.
import "server-only";
import { disk } from "../../common/disk";
import { dataFolder } from "../../common/env";
import { sizesOf, storedFiles } from "./files";
import { usualRules } from "./rules";
import type { StorageReport } from "./storage-schema";
import { unneededOf } from "./unneeded";

export async function storageReport(now: number): Promise<StorageReport> {
  const files = await storedFiles();
  return { folder: dataFolder(), disk: disk(), sizes: sizesOf(files), unneeded: unneededOf(files, usualRules, now) };
}
