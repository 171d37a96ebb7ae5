import { handle } from "@/lib/http/handle";
import { drawnLines, linesInput } from "@/lib/runs/compare/compare-schema";
import { linesOf } from "@/lib/runs/compare/compared-runs";

/** One line to draw a group of runs: averaged, smoothed and downsampled. */
export const GET = handle("read", { query: linesInput, answer: drawnLines }, ({ query: input }) => linesOf(input));
