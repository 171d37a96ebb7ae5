// Many runs from one: every combination of some values, or a number of draws.
import { createRandom } from "../../trainers/random";
import { AppError } from "../errors";
import { mostRuns, type SweepInput, sizeOf, type Value } from "./sweep-values";

export type Variant = Record<string, Value>;

type Choice = SweepInput["fields"][string];

/** The values that each run takes, in the order of the fields. Throws where a range has no draws, or where there are too many. */
export function variants(sweep: SweepInput): Variant[] {
  const { fields, draws } = sweep;
  if (sizeOf(sweep) > mostRuns)
    throw new AppError(400, `A sweep of ${sizeOf(sweep)} runs; at most ${mostRuns} at once.`);
  const entries = Object.entries(fields);
  if (draws === null) return entries.reduce<Variant[]>(combine, [{}]);
  const random = createRandom("sweep", 0);
  const drawn = Array.from({ length: draws }, () =>
    Object.fromEntries(entries.map(([path, choice]) => [path, draw(choice, random)])),
  );
  return drawn.filter((one, i) => drawn.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === i);
}

function combine(made: Variant[], [path, choice]: [string, Choice]): Variant[] {
  if (!Array.isArray(choice))
    throw new AppError(400, `${path}: a range needs draws; name its values for every combination`);
  return made.flatMap((one) => choice.map((value) => ({ ...one, [path]: value })));
}

/** One of the values; between two numbers above 0 evenly in their logarithm, with three digits. */
function draw(choice: Choice, random: () => number): Value {
  if (Array.isArray(choice)) return choice[Math.floor(random() * choice.length)]!;
  const { low, high } = choice;
  const value = low > 0 ? low * (high / low) ** random() : low + random() * (high - low);
  return Number.isInteger(low) && Number.isInteger(high) ? Math.round(value) : Number(value.toPrecision(3));
}

/** The config with values at dotted paths. */
export function withValues<Config extends Record<string, unknown>>(config: Config, variant: Variant): Config {
  const made = structuredClone(config);
  for (const [path, value] of Object.entries(variant)) {
    const names = path.split(".");
    const last = names.pop()!;
    let at: Record<string, unknown> = made;
    for (const name of names) {
      if (typeof at[name] !== "object" || at[name] === null) at[name] = {};
      at = at[name] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return made;
}

export const variantName = (name: string, variant: Variant): string =>
  `${name}: ${Object.entries(variant)
    .map(([path, value]) => `${path.split(".").at(-1)} ${value}`)
    .join(", ")}`.slice(0, 80);
