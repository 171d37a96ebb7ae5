// Exports without anybody waiting for them who asked for something else: of fifty thousand votes they take seconds, and are written by a
// program of its own.
import "server-only";
import { tallyOf } from "../../annotation/judging/tally";
import { workbenchBytes } from "../../jobs/workbench";
import { type ExportName, exporters } from "./snapshot";

/** Votes up to which they are written at once: some tens of milliseconds. */
const fewVotes = 2000;

export const exported = async (rows: ExportName, queueId: number): Promise<string | Uint8Array<ArrayBuffer>> =>
  tallyOf(queueId).votes <= fewVotes
    ? exporters[rows](queueId)
    : workbenchBytes(["export", String(queueId)], { entry: "lib/cli.ts", options: { rows } });
