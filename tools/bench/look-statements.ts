// Prints how many statements an open page of a run costs while nothing of it changes: `look-statements.ts RUN`, on the databases of
// WORKBENCH_DATA. A program of its own, as it reads what only the server may (`--conditions=react-server`).
import { followRun } from "../../lib/runs/follow-run";
import { statementsRun } from "../../test/database";

const looks = 100;
const look = followRun(process.argv[2]!, 0);
for (let i = 0; i < 4; i++) look(); // both databases, until nothing is new
const statements = statementsRun(() => {
  for (let i = 0; i < looks; i++) look();
});
process.stdout.write(`${statements / looks}\n`);
