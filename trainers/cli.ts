// The trainers' own command line: what needs TensorFlow. `npm run workbench` starts it, and the web process where a page needs it.
import { commandLine, main } from "../common/command-line";
import { commands } from "./commands/all";

await main(commandLine(commands));
