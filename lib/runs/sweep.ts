// Many runs from one: every combination of some values, or a number of draws.
import { createRandom } from "../../common/random";
import type { RunConfig } from "../../spec/config";
import { AppError } from "../../spec/errors";
import { currentNames, currentPath } from "../../spec/former-names";
import { isMethod } from "../../spec/methods/all";
import { type Nested, withValue } from "../../spec/paths";
import { fieldPaths } from "../../spec/run-fields";
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

/** The config with values at dotted paths, all in the names of today. */
export const withValues = <Config extends Nested>(config: Config, variant: Variant): Config =>
  Object.entries(variant).reduce(
    (made, [path, value]) => withValue(made, currentPath(path), value),
    currentNames(config) as Nested,
  ) as Config;

/** Throws where a sweep is over something that runs of this method do not have. */
export function requireFields(method: string, { fields }: SweepInput): void {
  if (!isMethod(method)) return; // the schema of runs says which there are
  const known = fieldPaths(method);
  const problems = Object.keys(fields)
    .filter((path) => !known.has(currentPath(path)))
    .map((path) => ({ path: `sweep.fields.${path}`, message: `runs of ${method} have no field ${path}` }));
  if (problems.length > 0) throw new AppError(400, problems.map(({ message }) => message).join("\n"), { problems });
}

/** Throws where runs would be compared by something that they never measure, or not at the steps of the rungs. */
export function requireMeasured(config: RunConfig, { halving }: SweepInput): void {
  if (!halving) return;
  const { metric, firstRung } = halving;
  const isHeldOut = metric.startsWith("eval_");
  const [path, every] = isHeldOut
    ? (["evalEvery", config.evalEvery] as const)
    : (["sampleEvery", config.sampleEvery] as const);
  const { heldOut, eval: evaluated, splitColumn } = config.data;
  if (every === null)
    refuse(path, `runs are compared by ${metric}, which is measured every ${path} steps: give a number`);
  if (firstRung % every !== 0)
    refuse(
      path,
      `runs are first compared at step ${firstRung}, and ${metric} is measured every ${every} steps: ${every} must divide ${firstRung}`,
    );
  if (isHeldOut && heldOut === 0 && evaluated === null && splitColumn === null)
    refuse(
      "data.heldOut",
      `runs are compared by ${metric}, which is measured on held-out rows: hold a share out, or name evaluation data`,
    );
  if (config.maxSteps !== null && firstRung >= config.maxSteps)
    refuse(
      "maxSteps",
      `runs are first compared at step ${firstRung} and end at ${config.maxSteps}: compare them earlier`,
    );
}

function refuse(path: string, message: string): never {
  throw new AppError(400, `${path}: ${message}`, { problems: [{ path, message }] });
}

export const variantName = (name: string, variant: Variant): string =>
  `${name}: ${Object.entries(variant)
    .map(([path, value]) => `${path.split(".").at(-1)} ${value}`)
    .join(", ")}`.slice(0, 80);
