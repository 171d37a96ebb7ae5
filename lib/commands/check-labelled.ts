import { Command } from "commander";
import { print, say } from "../../common/command-line";

const several = (one: string, before: string[]) => [...before, one];

export const checkLabelled = new Command("check-labelled")
  .description("find what may be wrong with the rows of a labelled dataset, for its page to show")
  .argument("<id>", "its number")
  .option(
    "--against <what>",
    "a file or dataset (dataset:NAME, labelled:ID) to test a model with, which must not be among these; may be repeated",
    several,
    [],
  )
  .action(async (id: string, { against }: { against: string[] }) => {
    const [{ liveLabelledOf }, { checkSet }, { reportOfChecks }, { againstFile }] = await Promise.all([
      import("../datasets/labelled/labelled-sets"),
      import("../datasets/labelled/versions/check-set"),
      import("../datasets/labelled/versions/checked-rows"),
      import("../datasets/against"),
    ]);
    const set = liveLabelledOf(id);
    const files: string[] = [];
    for (const one of against) files.push(await againstFile(one));
    await checkSet(set, { files, names: against }, Date.now(), { says: say });
    print(reportOfChecks(set)!);
  });
