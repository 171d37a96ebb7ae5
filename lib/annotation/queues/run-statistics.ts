// Statistics of a queue without blocking other requests: for few votes they are computed at once, for many by a separate process. Cached
// until a vote changes them.
import "server-only";
import { workbench } from "../../jobs/workbench";
import { tallyOf } from "../judging/tally";
import { fromText, type QueueStatistics, statisticsOf } from "./queue-statistics";

/** Votes of people or judges, or labels that came with the file, up to which they are made at once: some tens of milliseconds. */
const few = 500;

interface Kept {
  version: number;
  /** Whether they are still being made: then whoever asks gets these, also when votes have come since. */
  underWay: boolean;
  statistics: Promise<QueueStatistics>;
}

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { queueStatistics?: Map<number, Kept> };

/** They are computed anew, as names in them have changed. */
export const forgetStatistics = (): void => shared.queueStatistics?.clear();

export function queueStatistics(queueId: number): Promise<QueueStatistics> {
  shared.queueStatistics ??= new Map();
  const { version, votes, decided, judged } = tallyOf(queueId);
  const known = shared.queueStatistics.get(queueId);
  if (known && (known.underWay || known.version === version)) return known.statistics;
  const statistics =
    Math.max(votes, decided, judged) <= few ? Promise.resolve(statisticsOf(queueId)) : inProgram(queueId);
  const kept = { version, underWay: true, statistics };
  shared.queueStatistics.set(queueId, kept);
  statistics.then(
    () => (kept.underWay = false),
    () => shared.queueStatistics!.delete(queueId), // the next visit tries again
  );
  return statistics;
}

const inProgram = async (queueId: number): Promise<QueueStatistics> =>
  fromText(await workbench(["statistics", String(queueId)], { entry: "lib/cli.ts" }));
