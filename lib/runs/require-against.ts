import "server-only";
import type { CheckInput } from "../data-checks/checks-schema";
import { requireReadable } from "../datasets/require-readable";
import { requireAllowedPath } from "./allowed";

const isDataset = (name: string): boolean => /^(labelled|queue):\d+$|^sample:/.test(name);

/** What rows are checked against, files by where they are; throws where a request may not read one. */
export const requireAgainst = ({ against, ...input }: CheckInput): CheckInput => ({
  ...input,
  against: against.map((one) => {
    requireReadable(one);
    return isDataset(one) ? one : requireAllowedPath("against", one);
  }),
});
