import { userInfo } from "node:os";
import { Argument, Command } from "commander";
import { choice, once, Refusal, remotely } from "../../common/command-line";
import { AppError } from "../../spec/errors";
import { type Question, questions } from "../../spec/queue-options";
import { usualName } from "../../spec/row-files";
import type { RowMapping } from "../../spec/row-mapping";
import type { ImportReport } from "../annotation/queues/queue-schema";
import type { LabelledReport } from "../datasets/labelled/labelled-schema";
import { tellImport } from "./import-report";

export const dataset = new Command("dataset")
  .description("make a dataset of files, folders or a dataset of the Hugging Face Hub")
  .addArgument(new Argument("<action>", "what to do").choices(["add"]))
  .argument("<what...>", "files and folders, or hub:owner/name[@revision]")
  .option("--name <name>", "of the dataset; the file's or the Hub's where none is given", once)
  .option(
    "--config <name>",
    "of a dataset with a card, in a folder or on the Hub; its default one where none is given",
    once,
  )
  .option("--split <name>", "of a dataset with a card, in a folder or on the Hub; train where none is given", once)
  .addOption(
    choice(
      "--as <what>",
      "with its labels, which is usual, for people to annotate, or both: labels kept beside theirs",
      ["labelled", "annotate", "both"],
    ),
  )
  .addOption(
    choice(
      "--question <what>",
      "of records to annotate: compare answers, usual where there are several, judge each as good or bad, or name its first wrong step",
      questions,
    ),
  )
  .option("--mapping <file>", "JSON that says what the columns are taken for (docs/import-data.md)", once)
  .addOption(remotely())
  .action(async (_: "add", what: string[], options: DatasetOptions) => {
    try {
      tellImport(await added(what, options), null);
    } catch (error) {
      throw error instanceof AppError ? new Refusal(error.message, { cause: error }) : error;
    }
  });

export interface DatasetOptions {
  name?: string;
  config?: string;
  split?: string;
  as?: "labelled" | "annotate" | "both";
  question?: Question;
  mapping?: string;
}

/** Where the rows come from: a dataset of the Hub, or files and folders. */
export async function sourceOf(what: string[], { config, split }: DatasetOptions) {
  const isHub = what.some((one) => one.startsWith("hub:"));
  if (isHub && what.length > 1) throw new Refusal("a dataset of the Hub is added by itself");
  const part = { config: config ?? null, split: split ?? null };
  if (!isHub) return { paths: what, split: part };
  const { hubSource } = await import("../datasets/add/hub-files");
  return { hub: hubSource(what[0]!, part.config, part.split ?? "train") };
}

export async function mappingIn(file: string | undefined): Promise<RowMapping | null> {
  if (file === undefined) return null;
  const [{ rowMapping }, { readFileSync }] = await Promise.all([import("../../spec/row-mapping"), import("node:fs")]);
  return rowMapping.parse(JSON.parse(readFileSync(file, "utf8")));
}

async function added(what: string[], options: DatasetOptions) {
  const { name, as, question, mapping } = options;
  const { addLabelled, addPairs, withSource } = await import("../datasets/add/add-dataset");
  const from = await sourceOf(what, options);
  const usual = "hub" in from ? from.hub.id : usualName(what[0]!);
  const named = { name: name ?? usual, mapping: await mappingIn(mapping), by: userInfo().username };
  return withSource<LabelledReport | ImportReport>(from, (source) =>
    as === "annotate" || as === "both"
      ? addPairs(source, { ...named, keepsLabels: as === "both", question }, Date.now())
      : addLabelled(source, named, Date.now()),
  );
}
