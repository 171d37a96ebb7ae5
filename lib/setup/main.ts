// What `npm start` runs before it serves: migrations and sample data. Prints one line for the stage report.

import { migrateDatabases } from "./migrate";
import { loadSamples } from "./sample-queue";

migrateDatabases();
process.stdout.write(await loadSamples(Date.now()));
