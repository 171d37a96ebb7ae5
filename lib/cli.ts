// The command line of what the database holds. `npm run workbench` starts it, and the web process where work takes long.
import { commandLine, main } from "../common/command-line";
import { asTheyAre, commands } from "./commands/all";

await main(
  commandLine(commands).hook("preAction", async (_, command) => {
    if (!asTheyAre.includes(command)) (await import("./setup/migrate")).migrateDatabases();
  }),
);
