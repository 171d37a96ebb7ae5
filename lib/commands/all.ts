// The commands that need the database. None opens it before it is asked for.
import { backup } from "./backup";
import { checkData } from "./check-data";
import { checkFile } from "./check-file";
import { checkLabelled } from "./check-labelled";
import { clean } from "./clean";
import { corpus, corpusRestore } from "./corpus";
import { dataset } from "./dataset";
import { exportQueue } from "./export";
import { freeze } from "./freeze";
import { importFile } from "./import";
import { judge } from "./judge";
import { model } from "./model";
import { pairs } from "./pairs";
import { push } from "./push";
import { queue } from "./queue";
import { restore } from "./restore";
import { score } from "./score";
import { statistics } from "./statistics";
import { stepPairs } from "./step-pairs";
import { treePairs } from "./tree-pairs";
import { vacuumDatabases } from "./vacuum";
import { verify } from "./verify";
import { withDatabase } from "./with-database";

/** These take the databases as they are: nothing is migrated before. */
export const asTheyAre = [backup, restore, verify];

export const commands = [
  queue,
  importFile,
  dataset,
  model,
  push,
  exportQueue,
  freeze,
  pairs,
  stepPairs,
  treePairs,
  score,
  judge,
  statistics,
  checkData,
  checkFile,
  checkLabelled,
  corpus,
  corpusRestore,
  clean,
  vacuumDatabases,
  withDatabase,
  ...asTheyAre,
];
