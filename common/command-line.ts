// What the commands of the workbench have in common. Results go to standard output as one JSON object a line, progress and problems to
// standard error. Exit status: 0 finished, 2 the command line or a file it names is wrong, 1 it failed.
import { inspect } from "node:util";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { FieldError } from "../spec/field-error";
import { debugging } from "./env";
import { explain } from "./explain";

/** What somebody asked for is wrong, which ends a command with status 2. */
export class Refusal extends Error {}

/** The end of a command whose reason has been said already. */
export class AlreadyReported extends Error {
  constructor(readonly status: number) {
    super(`ended with status ${status}`);
  }
}

export const say = (text: string) => process.stderr.write(`${text}\n`);
export const print = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);

/** An option's value, of which there is one. */
export function once(value: string, previous: string | undefined): string {
  if (previous !== undefined) throw new InvalidArgumentError("It is given twice.");
  return value;
}

/** An option's value, from 1 on. */
export function wholeNumber(text: string, previous: number | undefined): number {
  once(text, previous?.toString());
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1 on.");
  return Number(text);
}

/** An option's value, above 0 and at most 1. */
export function share(text: string, previous: number | undefined): number {
  const number = Number(once(text, previous?.toString()));
  if (!(number > 0 && number <= 1)) throw new InvalidArgumentError("It must be a number above 0 and at most 1.");
  return number;
}

/** An option whose value is one of a few. */
export const choice = (flags: string, about: string, values: readonly string[]): Option => {
  const option = new Option(flags, about).choices(values);
  const { parseArg } = option;
  return option.argParser((value, previous: string | undefined) => parseArg!(once(value, previous), undefined));
};

/** Of commands that client/ can do on another machine. */
export const remotely = () => new Option("--remote", "on the server that workbench login knows, instead of here");

/** `workbench` with these commands. */
export function commandLine(commands: Command[]): Command {
  const program = new Command("npm run --silent workbench --")
    .description("Align small language models on this machine.")
    .addHelpText("after", notes)
    .showHelpAfterError("Add --help to see what there is.")
    .exitOverride();
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  return program;
}

const notes = `
A name that begins with a dash goes after --, a value that does so after =. DEBUG=1 in the environment adds the stack to an error.
Exit status: 0 finished, 2 the command line or a file it names is wrong, 1 it failed.`;

/** Does what the words say. Returns the status to end with. */
export async function perform(program: Command, words: string[]): Promise<number> {
  try {
    requireValues(program, words);
    await program.parseAsync(words.length === 0 ? ["help"] : words, { from: "user" });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError || error instanceof AlreadyReported)) {
      say(error instanceof FieldError ? `${error.path}: ${error.message}` : explain(error));
      if (debugging()) say(inspect(error));
    }
    return statusOf(error);
  }
}

/** As the whole of a process. */
export async function main(program: Command): Promise<void> {
  // `… | head` closes the pipe when it has enough: no error of ours
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const status = await perform(program, process.argv.slice(2));
  if (status !== 0) process.exit(status);
}

function statusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof AlreadyReported) return error.status;
  return error instanceof Refusal || error instanceof FieldError ? 2 : 1;
}

/** Commander takes an option that follows another for its value: that is a value forgotten. */
function requireValues(program: Command, [name, ...words]: string[]): void {
  const command = program.commands.find((one) => one.name() === name);
  const own = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
  for (const [i, word] of own.entries()) {
    const option = command?.options.find(({ long, required }) => long === word && required);
    const next = own[i + 1];
    if (option && next?.startsWith("-"))
      command!.error(
        `error: option '${option.flags}' has no value; one that begins with a dash is written ${word}=${next}`,
      );
  }
}
