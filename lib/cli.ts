// The command line of what the database holds. `npm run workbench` starts it, and the web process where work takes long.
import { commandLine, main } from "../common/command-line";
import { commands } from "./commands/all";

await main(
  commandLine(commands).hook("preAction", async () => {
    (await import("./setup/migrate")).migrateDatabases();
  }),
);
