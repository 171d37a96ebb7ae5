// The commands that need the database. None opens it before it is asked for.
import { checkData } from "./check-data";
import { exportQueue } from "./export";
import { importFile } from "./import";
import { pairs } from "./pairs";
import { queue } from "./queue";
import { score } from "./score";
import { statistics } from "./statistics";
import { withDatabase } from "./with-database";

export const commands = [queue, importFile, exportQueue, pairs, score, statistics, checkData, withDatabase];
