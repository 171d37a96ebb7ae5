// Everything that `npm run workbench` can do: the commands of the trainers, of the database, of the benchmarks and studies, with the
// program that does each.
import { parseArgs } from "node:util";
import { Argument, Command } from "commander";
import { login, logout } from "../client/commands/login";
import { commandLine, perform, Refusal } from "../common/command-line";
import { commands as databaseCommands } from "../lib/commands/all";
import { isStored, sourcesOf } from "../spec/fields/data-sources";
import { methodOf } from "../spec/methods/all";
import { judgeOf } from "../spec/methods/judge-of";
import { namedTexts } from "../spec/methods/sampling-of";
import { bundledModels } from "../spec/models";
import { commands as trainersCommands } from "../trainers/commands/all";
import { toolCommands } from "./tool-commands";

const downloads = bundledModels.flatMap(({ name, file }) => ("download" in file ? name : []));
const fetchModel = new Command("fetch")
  .description("download a model")
  .addArgument(new Argument("<model>").choices(downloads));

/** Under their headings; a program that has one command is not told which. */
export const programs = [
  { heading: "Training and models:", entry: "trainers/cli.ts", commands: trainersCommands },
  { heading: "Queues and datasets:", entry: "lib/cli.ts", commands: databaseCommands },
  { heading: "On another machine:", entry: "client/cli.ts", commands: [login, logout] },
  { heading: "Set-up:", entry: null, commands: [fetchModel] },
  ...Object.entries(toolCommands).map(([entry, commands]) => ({ heading: "Benchmarks and studies:", entry, commands })),
];

export interface Chosen {
  name: string;
  /** Relative to the repository; null for what the set-up does itself. */
  entry: string | null;
  /** For the program. */
  words: string[];
}

/** The program that does what the words say. A number is the status to end with: they are wrong, or help was all they asked for. */
export async function choose(words: string[]): Promise<Chosen | number> {
  let chosen: Chosen | null = null;
  const current = currentWords(words);
  for (const { heading, entry, commands } of programs)
    for (const command of commands)
      command.helpGroup(heading).action(async () => {
        chosen = { name: command.name(), ...(await startOf(command, entry, current)) };
      });
  const status = await perform(commandLine(programs.flatMap(({ commands }) => commands)), current);
  return chosen ?? status;
}

/** What to start: a program that has one command is not told which; a run that needs the database gets it from lib/. */
async function startOf(command: Command, entry: string | null, words: string[]): Promise<Omit<Chosen, "name">> {
  if (entry !== null && entry in toolCommands) return { entry, words: words.slice(1) };
  if (command.opts<{ remote?: true }>().remote) return { entry: "client/cli.ts", words };
  const [file] = command.args;
  if (command.name() === "generate" && (await promptsAreStored(file!)))
    return { entry: "lib/cli.ts", words: ["with-database", "--", file!, ...words] };
  if (command.registeredArguments[0]?.name() !== "run.json") return { entry, words };
  const { record } = command.opts<{ record?: string }>();
  if (record === undefined && !(await needsDatabase(file!))) return { entry, words };
  const recorded = record === undefined ? [] : [`--record=${record}`];
  return { entry: "lib/cli.ts", words: ["with-database", ...recorded, "--", file!, ...without("--record", words)] };
}

/** The words before -- without an option and its value. */
function without(option: string, words: string[]): string[] {
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  return words.filter(
    (word, i) => i >= end || !(word === option || word.startsWith(`${option}=`) || words[i - 1] === option),
  );
}

/** Whether a run reads rows from this workbench's database, or asks its people or endpoints. */
const needsDatabase = (file: string): Promise<boolean> =>
  unlessWrong(({ readRunConfig }) => {
    const config = readRunConfig(file);
    const { train, eval: heldOut } = config.data;
    const judge = judgeOf(config)?.judge;
    const isGraded = methodOf(config).scoredBy(config)?.reward.grader != null;
    const asks = isGraded || (judge !== undefined && (judge.queue !== null || judge.endpoint !== null));
    const sources = [
      ...sourcesOf(train).map(({ source }) => source),
      heldOut ?? [],
      namedTexts(config)?.source ?? [],
    ].flat();
    return asks || sources.some(isStored);
  });

/** The same of what is sampled. */
const promptsAreStored = (file: string): Promise<boolean> =>
  unlessWrong(({ readGenerateConfig }) => isStored(readGenerateConfig(file).prompts));

/** False of a file that is wrong: the trainers say what is. */
async function unlessWrong(look: (files: typeof import("../common/config-file")) => boolean): Promise<boolean> {
  const files = await import("../common/config-file");
  try {
    return look(files);
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** In the names of today: `doctor` was two commands once, and so was `export`. */
function currentWords([name = "help", ...rest]: string[]): string[] {
  if (name === "doctor") return [rest.length === 0 ? "env" : "check-data", ...rest];
  if (name === "export") {
    const options = { type: { type: "string" }, rows: { type: "string" } } as const;
    const { positionals } = parseArgs({ args: rest, options, allowPositionals: true, strict: false });
    const [model, file] = [positionals[0], positionals.at(-1)!];
    if (positionals.length > 1 && positionals.length < 4 && file.endsWith(".gguf")) {
      const adapter = positionals.length === 3 ? [`--adapter=${positionals[1]}`] : [];
      const others = rest.filter((word) => word !== "--" && !positionals.includes(word));
      return ["export-gguf", ...adapter, ...others, "--", model!, file];
    }
  }
  return [name, ...rest];
}
