// How an engine ended on another machine, left in the run's folder by the job that it ran in.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "../../common/whole-file";
import type { Ended } from "../jobs/spawn";

const jobEnd = z.strictObject({
  code: z.int().nullable(),
  signal: z.custom<NodeJS.Signals>((name) => typeof name === "string").nullable(),
  words: z.array(z.string()),
});

export const endFile = (folder: string, attempt: number): string => join(folder, `attempt-${attempt}.end.json`);

export const writeEnd = (file: string, end: Ended): void => writeWhole(file, `${JSON.stringify(end)}\n`);

/** Null while there is none. */
export const readEnd = (file: string): Ended | null =>
  existsSync(file) ? jobEnd.parse(JSON.parse(readFileSync(file, "utf8"))) : null;
