// What a backup is: a folder with copies of both databases and of files that their rows refer to, and manifest.json, which lists them.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Refusal } from "../../common/command-line";
import { dataFolder } from "../../common/env";

/** Parts of the data folder that a backup may hold beside the databases. */
export const parts = ["secret", "snapshots", "provenance", "mappings.json", "runs"] as const;
export type Part = (typeof parts)[number];

export const databaseFiles = { app: "app.db", metrics: "metrics.db" } as const;

const manifest = z.strictObject({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  /** The workbench's version, and the newest migration that each database had. */
  workbench: z.string(),
  migrations: z.strictObject({ app: z.string(), metrics: z.string() }),
  /** The folder that it is of: rows name checkpoints by their whole path. */
  dataFolder: z.string(),
  parts: z.array(z.enum(parts)),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.number(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof manifest>;

export const manifestFile = "manifest.json";

export const backupsFolder = () => join(dataFolder(), "backups");

export function readManifest(folder: string): Manifest {
  const path = join(folder, manifestFile);
  if (!existsSync(path)) throw new Refusal(`${folder} is no backup: it has no ${manifestFile}`);
  try {
    return manifest.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new Refusal(`${path} cannot be read: it is damaged, or of a newer workbench`, { cause: error });
  }
}
