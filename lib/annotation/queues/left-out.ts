// Lines that an import leaves out: the first of them with their reasons, and how many there are. A file may have millions.
import type { BadLine } from "../../../common/records/lines";

export interface LeftOut {
  /** The first of them. */
  bad: BadLine[];
  left: number;
}

const named = 1000;

export const nothingLeftOut = (): LeftOut => ({ bad: [], left: 0 });

export function leaveOut(leftOut: LeftOut, line: BadLine): void {
  leftOut.left++;
  if (leftOut.bad.length < named) leftOut.bad.push(line);
}
