import { statfsSync } from "node:fs";
import { dataFolder } from "./env";

/** Bytes of the disk that the data folder is on; free ones are those that this user may fill. */
export function disk(): { free: number; size: number } {
  const { bavail, blocks, bsize } = statfsSync(dataFolder());
  return { free: bavail * bsize, size: blocks * bsize };
}

/** So little room that no step of a run can be counted on to fit. */
export const isAlmostFull = ({ free }: { free: number }): boolean => free < 1_000_000;
