import { Command } from "commander";
import { print } from "../../common/command-line";

export const vacuumDatabases = new Command("vacuum")
  .description("write the databases anew, without the room and the remains of deleted rows")
  .action(async () => {
    const [{ vacuum }, { databaseNames }, { vacuumIsDone }] = await Promise.all([
      import("../db/vacuum"),
      import("../db/versions"),
      import("../personal-data/vacuum-due"),
    ]);
    for (const name of databaseNames) print(await vacuum(name));
    vacuumIsDone();
  });
