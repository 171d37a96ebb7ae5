// A metric's overview: what a chart reads first, and of it only the parts that it shows.
import type { MetricName } from "../../trainers/metrics";
import { at, decodeNumbers, entriesOf, entryWidth, inEntry } from "./blocks";
import { statements } from "./statements";

/** The entries from the part before the one in which `from` lies to the one in which `to` does, one after another. */
export const overviewOf = (runId: string, metric: MetricName, from: number, to: number): Float64Array =>
  joined(
    statements()
      .entries.all({ runId, metric, from, to })
      .map(({ bytes }) => decodeNumbers(bytes)),
  );

function joined(parts: Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Where the entries begin and end that a span touches, with the nearest on either side. */
export function spanOf(overview: Float64Array, from: number, to: number) {
  let [start, end] = [0, overview.length];
  while (start + entryWidth < overview.length && overview[start + entryWidth + at.first]! < from) start += entryWidth;
  while (end - 2 * entryWidth >= start && overview[end - 2 * entryWidth + at.last]! > to) end -= entryWidth;
  return [start, end] as const;
}

/** The entries before the chunk that the one at `start` belongs to. */
export function beforeChunkAt(overview: Float64Array, start: number): Float64Array {
  let end = start;
  while (end > 0 && overview[end - entryWidth + inEntry.chunk] === overview[start + inEntry.chunk]) end -= entryWidth;
  return overview.subarray(0, end);
}

export function pointsIn(entries: Float64Array): number {
  let count = 0;
  for (let i = at.count; i < entries.length; i += entryWidth) count += entries[i]!;
  return count;
}

/** The chunks of the first and the last of these entries. */
export const chunkSpan = (entries: Float64Array): [number, number] =>
  entries.length === 0 ? [0, -1] : [entries[inEntry.chunk]!, entries[entries.length - entryWidth + inEntry.chunk]!];

interface Stretch {
  from?: number | undefined;
  to?: number | undefined;
}

/** Steps around the stretch in which a counter, which never falls, goes from one value to another. */
export function stepsAround(runId: string, counter: MetricName, { from, to }: Stretch): Stretch {
  const entriesAt = (side: "below" | "above", value: number) => {
    const part = statements()[side].get({ runId, metric: counter, value });
    return part ? entriesOf(decodeNumbers(part.bytes)) : [];
  };
  const around: Stretch = {};
  if (from !== undefined)
    around.from = entriesAt("below", from).findLast((entry) => entry[at.least]! < from)?.[at.first];
  if (to !== undefined) around.to = entriesAt("above", to).find((entry) => entry[at.most]! > to)?.[at.last];
  return around;
}
