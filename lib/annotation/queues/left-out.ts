// Lines that an import leaves out: the first of them with their reasons, and how many there are. A file may have millions.
import { z } from "zod";
import type { BadLine } from "../../../common/records/lines";

export const leftOut = z.object({
  /** The first of them. */
  bad: z.array(z.object({ line: z.number(), reason: z.string() })),
  left: z.number(),
});
export type LeftOut = z.infer<typeof leftOut>;

const named = 1000;

export const nothingLeftOut = (): LeftOut => ({ bad: [], left: 0 });

export function leaveOut(leftOut: LeftOut, line: BadLine): void {
  leftOut.left++;
  if (leftOut.bad.length < named) leftOut.bad.push(line);
}
