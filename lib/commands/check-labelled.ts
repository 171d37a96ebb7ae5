import { Command } from "commander";
import { print, say } from "../../common/command-line";
import { againstOption } from "./against-option";

export const checkLabelled = new Command("check-labelled")
  .description("find what may be wrong with the rows of a labelled dataset, for its page to show")
  .argument("<id>", "its number")
  .addOption(againstOption())
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
