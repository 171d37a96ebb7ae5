// What takes room on the disk, and what of it nothing needs any more, as page and command line show it.
import { z } from "zod";

/** In the order of the page. */
export const storageKinds = {
  databases: { label: "Databases", about: "Records, annotations, runs and their metrics" },
  trainingSets: { label: "Training sets", about: "Frozen versions of datasets, as runs were trained on them" },
  results: { label: "Trained models", about: "The adapter or model that each run ended with" },
  checkpoints: { label: "Checkpoints", about: "Weights and optimizer state, to resume and to fork from" },
  records: { label: "Run logs", about: "Events, logs and run files" },
  caches: { label: "Reference scores", about: "A cache: what is missing is computed again" },
  backups: { label: "Backups", about: "Copies made by workbench backup, before migrations and by a restore" },
  logs: { label: "Logs", about: "Of web process and runner; they rotate by themselves" },
  leftovers: { label: "Leftovers", about: "Uploads in hand, and what a killed process left half-written" },
  other: { label: "Other files", about: "Nothing of these is ever deleted here" },
} as const;
export type StorageKind = keyof typeof storageKinds;

/** Of the cache folder that all clones on this machine share. */
export const sharedKinds = {
  models: { label: "Models", about: "Bundled models, downloaded again where they are missing" },
  libraries: {
    label: "Libraries",
    about: "TensorFlow, SQLite and the workbench's own ops, as they were built or downloaded",
  },
  benchmarks: { label: "Benchmarks", about: "Programs and models that npm run bench compares with" },
  other: { label: "Other files", about: "Nothing of the workbench's" },
} as const;
export type SharedKind = keyof typeof sharedKinds;

export const unneededKinds = ["checkpoint", "cache", "leftover", "run"] as const;

export const unneeded = z.object({
  kind: z.enum(unneededKinds),
  /** Relative to the data folder. */
  path: z.string(),
  /** In words. */
  what: z.string(),
  bytes: z.number(),
});
export type Unneeded = z.infer<typeof unneeded>;

export const storageReport = z.object({
  folder: z.string(),
  /** Bytes of the disk that it is on. */
  disk: z.object({ free: z.number(), size: z.number() }),
  sizes: z.record(z.enum(Object.keys(storageKinds) as StorageKind[]), z.number()),
  unneeded: z.array(unneeded),
});
export type StorageReport = z.infer<typeof storageReport>;

/** What the page lists and somebody has confirmed. */
export const cleanInput = z.strictObject({ paths: z.array(z.string()).min(1).max(10_000) });

export const cleaned = z.object({
  deleted: z.array(unneeded),
  /** Why something stayed, in sentences. */
  kept: z.array(z.string()),
});
export type Cleaned = z.infer<typeof cleaned>;

/** 1.2 MB, as disks are sold: powers of ten. */
export function sizeWords(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
