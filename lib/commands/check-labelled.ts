import { Command } from "commander";
import { againstOption } from "./against-option";
import { type CheckOptions, check, webRulesOption } from "./check-options";

export const checkLabelled = new Command("check-labelled")
  .description("find what may be wrong with the rows of a labelled dataset, for its page to show")
  .argument("<id>", "its number")
  .addOption(againstOption())
  .addOption(webRulesOption())
  .action(async (id: string, options: CheckOptions) => {
    const [{ liveLabelledOf }, { setToCheck }] = await Promise.all([
      import("../datasets/labelled/labelled-sets"),
      import("../datasets/labelled/versions/set-to-check"),
    ]);
    await check(setToCheck(liveLabelledOf(id)), options);
  });
