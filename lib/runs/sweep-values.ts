// What a sweep is asked for: fields with values, as the form reads and sends them.
import { z } from "zod";
import { halving } from "../../spec/halving";

/** What a field takes: values, or draws between two numbers. */
const values = z.union([
  z.array(z.union([z.number(), z.string(), z.boolean()])).min(1),
  z.strictObject({ low: z.number(), high: z.number() }).refine(({ low, high }) => low < high, "low must be below high"),
]);

export const mostRuns = 100;

export const sweepInput = z.strictObject({
  /** By dotted path in the run's config. */
  fields: z.record(z.string().min(1), values).refine((fields) => Object.keys(fields).length > 0, "name a field"),
  /** Draws instead of every combination. */
  draws: z.int().min(1).max(mostRuns).nullable(),
  /** Ends early what is behind; without it every run trains to its end. */
  halving: halving.optional(),
});
export type SweepInput = z.infer<typeof sweepInput>;

export type Value = number | string | boolean;

/** How many runs it makes. */
export const sizeOf = ({ fields, draws }: SweepInput): number =>
  draws ?? Object.values(fields).reduce((product, choice) => product * (Array.isArray(choice) ? choice.length : 0), 1);

/** "1, 2, 3", or "1e-5 to 1e-3" for draws; null where it is neither. */
export function readValues(text: string): Value[] | { low: number; high: number } | null {
  const range = /^\s*(\S+)\s+to\s+(\S+)\s*$/.exec(text);
  if (range) {
    const [low, high] = [Number(range[1]), Number(range[2])];
    return low < high ? { low, high } : null;
  }
  const words = text.split(",").map((word) => word.trim());
  if (words.some((word) => word === "")) return null;
  return words.map((word) =>
    word === "true" || word === "false" ? word === "true" : Number.isNaN(Number(word)) ? word : Number(word),
  );
}
