// The part of a command's work that needs TensorFlow: the trainers' program does it and tells what there is, a JSON line at a time.
import { createInterface } from "node:readline";
import { AlreadyReported, say } from "../../common/command-line";
import { commandArguments, endWords, startProgram } from "../jobs/spawn";

/** What `trainers/cli.ts ARGUMENTS` prints. What it says goes on to standard error; where it fails, so does the command, with its status. */
export async function* trainersLines(args: string[], options: Record<string, string> = {}): AsyncGenerator<unknown> {
  const { child, ended } = startProgram("trainers/cli.ts", commandArguments(args, options), { said: say });
  for await (const line of createInterface({ input: child.stdout! })) yield JSON.parse(line);
  const end = await ended;
  if (end.signal) throw new Error(endWords(end));
  if (end.code !== 0) throw new AlreadyReported(end.code ?? 1);
}
