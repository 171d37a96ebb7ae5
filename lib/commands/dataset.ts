import { userInfo } from "node:os";
import { Argument, Command } from "commander";
import { choice, once, print, Refusal, say } from "../../common/command-line";
import { AppError } from "../../spec/errors";
import type { Question } from "../../spec/queue-options";
import { usualName } from "../../spec/row-files";
import type { ImportReport } from "../annotation/queues/queue-schema";
import type { LabelledReport } from "../datasets/labelled/labelled-schema";

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
      "of records to annotate: compare answers, usual where there are several, or judge each as good or bad",
      ["compare", "single"],
    ),
  )
  .option("--mapping <file>", "JSON that says what the columns are taken for (docs/import-data.md)", once)
  .action(async (_: "add", what: string[], options: Options) => {
    try {
      const { bad, left, notes, ...report } = await added(what, options);
      for (const { line, reason } of bad) say(`line ${line}: ${reason}`);
      if (left > bad.length) say(`${left - bad.length} more lines were left out`);
      for (const note of notes) say(note);
      print({ ...report, bad: left });
    } catch (error) {
      throw error instanceof AppError ? new Refusal(error.message, { cause: error }) : error;
    }
  });

interface Options {
  name?: string;
  config?: string;
  split?: string;
  as?: "labelled" | "annotate" | "both";
  question?: Question;
  mapping?: string;
}

async function added(what: string[], { name, config, split, as, question, mapping }: Options) {
  const [{ addLabelled, addPairs, withSource }, { hubSource }, { rowMapping }, { readFileSync }] = await Promise.all([
    import("../datasets/add/add-dataset"),
    import("../datasets/add/hub-files"),
    import("../../spec/row-mapping"),
    import("node:fs"),
  ]);
  const isHub = what.some((one) => one.startsWith("hub:"));
  if (isHub && what.length > 1) throw new Refusal("a dataset of the Hub is added by itself");
  const part = { config: config ?? null, split: split ?? null };
  const from = isHub ? { hub: hubSource(what[0]!, part.config, part.split ?? "train") } : { paths: what, split: part };
  const usual = "hub" in from ? from.hub.id : usualName(what[0]!);
  const said = mapping === undefined ? null : rowMapping.parse(JSON.parse(readFileSync(mapping, "utf8")));
  const named = { name: name ?? usual, mapping: said, by: userInfo().username };
  return withSource<LabelledReport | ImportReport>(from, (source) =>
    as === "annotate" || as === "both"
      ? addPairs(source, { ...named, keepsLabels: as === "both", question }, Date.now())
      : addLabelled(source, named, Date.now()),
  );
}
