// The command line against a workbench on another machine: the commands of this one, where --remote was given. It opens no database.
import { commandLine, main } from "../common/command-line";
import { remoteDataset } from "./commands/dataset";
import { remoteExport } from "./commands/export";
import { remoteImport } from "./commands/import";
import { login, logout } from "./commands/login";
import { remoteQueue } from "./commands/queue";
import { remoteTrain } from "./commands/train";

await main(commandLine([login, logout, remoteQueue, remoteImport, remoteDataset, remoteExport, remoteTrain]));
