// Imports one file as a labelled dataset of a data folder of its own, and says what that cost. Started by imports.ts.
import { readdirSync } from "node:fs";
import { dataFolder } from "../../common/env";
import { addLabelled, pathFiles } from "../../lib/datasets/add/add-dataset";
import { labelledSet, listLabelled } from "../../lib/datasets/labelled/labelled-sets";
import { migrateDatabases } from "../../lib/setup/migrate";
import type { ImportCost } from "./imports-figures";
import { measured } from "./measured";

const file = process.argv[2]!;

const files = () =>
  readdirSync(dataFolder(), { recursive: true, encoding: "utf8" }).filter((name) => /\.|draft/.test(name));
const add = (name: string, watch = {}) =>
  addLabelled(pathFiles([file]), { name, mapping: null, by: "bench" }, 0, watch);

migrateDatabases();
const before = files();
const cancelling = new AbortController();
const says = () => cancelling.abort(new Error("cancelled")); // as soon as it says how far it is
const cancelled = await add("cancelled", { cancelled: cancelling.signal, says }).catch((error: Error) => error);
if (cancelled !== cancelling.signal.reason)
  throw new Error("the import was over before it could be cancelled; take 10,000 rows or more", { cause: cancelled });
const left = files().filter((name) => !before.includes(name) && !/-(wal|shm)$/.test(name));

const imported = await measured(() => add("rows"));
const set = labelledSet(listLabelled()[0]!.id);
const cost: ImportCost = { rows: set.rows, imported, left };
process.stdout.write(JSON.stringify(cost));
