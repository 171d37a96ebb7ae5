// What people call a queue, a run or themselves.
import { z } from "zod";

/** Controls (NUL, which no program takes as an argument, line ends) and half characters. */
const unshown = /[\p{Cc}\p{Cs}]/u;

/** One line that can be shown; `missing` asks for it. */
export const name = (missing: string, longest = 80) =>
  z
    .string()
    .trim()
    .min(1, missing)
    .max(longest, `At most ${longest} letters.`)
    .refine((text) => !unshown.test(text), "holds a character that cannot be shown; leave it out.");
