// What `npm start` runs before it serves: migrations and sample data. Prints one line for the stage report.
import { loadSamples } from "../annotation/items/items";
import { migrateDatabases } from "./migrate";

migrateDatabases();
process.stdout.write(await loadSamples(Date.now()));
