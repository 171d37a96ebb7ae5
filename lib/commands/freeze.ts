import { Command, InvalidArgumentError } from "commander";
import type { FrozenRows } from "../datasets/snapshots/freezer";

const kinds = ["pairs", "rankings", "kto", "rewrites"] satisfies FrozenRows[];

function rowsNamed(given: string): FrozenRows {
  if (kinds.some((kind) => kind === given) || /^criterion:./.test(given)) return given as FrozenRows;
  throw new InvalidArgumentError(`it is one of ${kinds.join(", ")} and criterion:NAME.`);
}

export const freeze = new Command("freeze")
  .description("write what is annotated of a queue by now to a file that its hash names, as runs train on it")
  .argument("<queue>", "its name or its number")
  .option(
    "--rows <kind>",
    "pairs, rankings, kto (what it learns from), rewrites (people's own answers), or criterion:NAME, pairs as they are rated on it",
    rowsNamed,
  )
  .action(async (name: string, { rows = "pairs" }: { rows?: FrozenRows }) => {
    const [{ summaryOf }, { writeSnapshot }] = await Promise.all([
      import("../annotation/queues/queue-summaries"),
      import("../datasets/snapshots/freezer"),
    ]);
    process.stdout.write(`${JSON.stringify(writeSnapshot(summaryOf(name).id, rows))}\n`);
  });
