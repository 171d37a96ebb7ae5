import { Command, InvalidArgumentError } from "commander";
import { print, say } from "../../common/command-line";
import { usualRules } from "../storage/rules";

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || text.trim() === "")
    throw new InvalidArgumentError("Give a whole number, 0 or more.");
  return value;
}
function positive(text: string): number {
  const value = count(text);
  if (value === 0) throw new InvalidArgumentError("At least 1: without a checkpoint a run begins anew.");
  return value;
}

interface Options {
  checkpoints: number;
  cacheDays: number;
  runsOlderThan?: number;
  yes?: true;
}

const { checkpoints, cacheDays } = usualRules;

export const clean = new Command("clean")
  .description("list what nothing needs any more, with its size; --yes deletes it")
  .option("--checkpoints <n>", "the newest of each run that stay", positive, checkpoints)
  .option("--cache-days <n>", "reference scores to which nothing was added for so many days go", count, cacheDays)
  .option("--runs-older-than <days>", "also runs that ended so long ago and that no other run builds on", count)
  .option("--yes", "delete it")
  .action(async ({ checkpoints, cacheDays, runsOlderThan, yes }: Options) => {
    const [{ storedFiles }, { unneededOf }, { sizeWords }, storage] = await Promise.all([
      import("../storage/files"),
      import("../storage/unneeded"),
      import("../storage/storage-schema"),
      import("../storage/clean"),
    ]);
    const now = Date.now();
    const rules = { checkpoints, cacheDays, runDays: runsOlderThan ?? null };
    const { deleted, kept } = yes
      ? await storage.clean(rules, now)
      : { deleted: unneededOf(await storedFiles(), rules, now), kept: [] };
    for (const item of deleted) print(item);
    for (const sentence of kept) say(sentence);
    const total = sizeWords(deleted.reduce((sum, { bytes }) => sum + bytes, 0));
    say(yes ? `deleted: ${total}` : `${total} would be deleted; add --yes to do it`);
  });
