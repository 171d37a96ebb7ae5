// What the command line takes: one table, off which the help, the parsing and the refusals are read. Plain Node: `workbench --help`
// answers before anything is set up.
import { parseArgs } from "node:util";

/**
 * One way to use a command. In `args` and `options` capitals stand for a value, brackets for what may be left out, … for any number,
 * a|b for a choice, and nothing for an option that takes no value. `program` names what runs it, where that is not trainers/cli.ts.
 * @typedef {{ name: string, args: string, options?: Record<string, string>, about: string, program?: string }} Form
 */

const exports =
  "pairs|kto|llama-factory|llama-factory-info|csv|parquet|card|rewrites|events|items"; /* lib/datasets/snapshots/snapshot.ts writes them */

/** @type {Form[]} */
export const forms = [
  {
    name: "train",
    args: "run.json",
    options: { tokens: "FILE", resume: "", "allow-changed": "", "start-over": "" },
    about:
      "train; one line per step. --tokens: also every row's ids and masks as fed. Where the output folder holds checkpoints: --resume goes on from the last (with --allow-changed also on other data or settings), --start-over gives them up",
  },
  {
    name: "preflight",
    args: "run.json",
    options: { later: "FOLDER…" },
    about: "what would stop a run, what it would learn from and need; FOLDER is yet to be trained",
  },
  { name: "dry-run", args: "run.json", about: "try four steps: memory at the peak, seconds a step" },
  { name: "generate", args: "gen.json", about: "answer prompts; one line per completion" },
  {
    name: "chat",
    args: "chat.json",
    about: "go on with a conversation, by several adapters; a line whenever an answer grows",
  },
  {
    name: "pairs",
    args: "gen.json QUEUE",
    about: "two answers or more to each prompt, by one policy or two, into a queue",
  },
  { name: "merge", args: "MODEL ADAPTER FOLDER", about: "work an adapter into its model, in Hugging Face layout" },
  { name: "export", args: "MODEL [ADAPTER] FILE.gguf", options: { type: "F16|Q8_0" }, about: "one file for llama.cpp" },
  {
    name: "export",
    args: "QUEUE",
    options: { rows: exports },
    about: "decided pairs (TRL), for others, people's own answers, or all pairs",
  },
  { name: "queue", args: "", about: "the queues, one a line" },
  {
    name: "import",
    args: "FILE NAME",
    options: { as: "annotate|labelled" },
    about:
      "pairs into the queue of this name, made where there is none. --as labelled: rows with their labels, to train on",
  },
  { name: "score", args: "QUEUE MODEL FOLDER", about: "what a reward run's model (in FOLDER) says of a queue's pairs" },
  { name: "statistics", args: "QUEUE", about: "agreement of a queue's annotators, and who writes better" },
  { name: "fetch", args: "smollm2-135m-instruct", about: "download a model" },
  { name: "doctor", args: "", about: "what this machine trains on" },
  { name: "doctor", args: "QUEUE", about: "what may be wrong with a queue's pairs" },
  {
    name: "bench",
    args: "[WORKLOAD…]",
    options: { rounds: "N" },
    about: "side by side with TRL and Transformers; hours",
    program: "tools/bench/bench.ts",
  },
  {
    name: "figures",
    args: "",
    about: "make the tables in docs/ from what bench, interop and the studies measured",
    program: "tools/bench/figures.ts",
  },
  {
    name: "findings",
    args: "",
    about: "make docs/findings.md from the titles of the tests",
    program: "tools/findings.ts",
  },
  {
    name: "interop",
    args: "",
    about: "what PEFT, Transformers and llama.cpp make of an adapter trained here",
    program: "tools/bench/interop.ts",
  },
  {
    name: "loaders",
    args: "",
    about: "what TRL, LLaMA-Factory and OpenRLHF make of an export",
    program: "tools/bench/loaders.ts",
  },
  {
    name: "load",
    args: "[training]",
    about: "what annotating a queue of 100,000 pairs costs, fifty people at work; beside a training run too",
    program: "tools/bench/load.ts",
  },
  {
    name: "study",
    args: "frontier|over-optimisation|behaviour",
    about: "experiments behind docs/",
    program: "tools/studies/study.ts",
  },
  { name: "help", args: "", about: "this text" },
];

const usage = (/** @type {Form} */ { name, args, options = {} }) =>
  [name, args, ...Object.entries(options).map(([option, value]) => `[${`--${option} ${value}`.trim()}]`)]
    .filter(Boolean)
    .join(" ");

const helpOf = (/** @type {Form[]} */ some) =>
  some.map((form) => `  npm run --silent workbench -- ${usage(form)}\n      ${form.about}`).join("\n");

const help = `workbench: align small language models on this machine

${helpOf(forms)}

A name that begins with a dash goes after --, a value that does so after =. DEBUG=1 in the environment adds the stack to an error.
Exit status: 0 finished, 2 the file or the command is wrong, 1 the run failed.`;

/**
 * A command with its names and options, or the help that was asked for, or why it is refused.
 * @param {string[]} argv
 * @returns {{ form: Form, args: string[], options: Record<string, string[]> } | { help: string } | { refused: string }}
 */
export function parseCommandLine([name, ...rest]) {
  if (name === undefined || ["help", "--help", "-h"].includes(name)) return { help };
  const own = forms.filter((form) => form.name === name);
  if (own.length === 0) return { refused: unknown("command", name, [...new Set(forms.map((form) => form.name))]) };
  const taken = rest.slice(0, rest.indexOf("--") < 0 ? rest.length : rest.indexOf("--"));
  if (taken.some((word) => word === "--help" || word === "-h")) return { help: helpOf(own) };
  const known = Object.assign({}, ...own.map((form) => form.options));
  const { positionals: args, tokens } = parseArgs({
    args: rest,
    options: Object.fromEntries(
      Object.entries(known).map(([option, wanted]) => [option, { type: wanted === "" ? "boolean" : "string" }]),
    ),
    allowPositionals: true,
    strict: false, // whose refusals would not say which options there are
    tokens: true,
  });
  const given = tokens.filter((token) => token.kind === "option");
  const stray = given.find((option) => !Object.hasOwn(known, option.name));
  if (stray) return { refused: unknownOption(name, stray.rawName, known) };
  const form = own.find((one) => fits(one, args));
  if (!form)
    return { refused: `${name} does not take ${args.length === 0 ? "nothing" : args.join(" ")}:\n${helpOf(own)}` };
  /** @type {Record<string, string[]>} */
  const options = {};
  for (const option of given) {
    const refused = refusalOf(form, option, options);
    if (refused) return { refused };
    options[option.name] = [...(options[option.name] ?? []), option.value ?? ""];
  }
  return { form, args, options };
}

/** Whether these names can be meant: capitals and files are anything, other words themselves. */
function fits({ args: wanted }, args) {
  const words = wanted.split(" ").filter(Boolean);
  const least = words.filter((word) => !word.startsWith("[")).length;
  const most = wanted.includes("…") ? Number.POSITIVE_INFINITY : words.length;
  if (args.length < least || args.length > most) return false;
  if (/^[a-z0-9|-]+$/.test(wanted)) return wanted.split("|").includes(args[0]);
  return !wanted.endsWith(".gguf") || args.at(-1).endsWith(".gguf");
}

/** What is wrong with an option, where anything is. */
function refusalOf({ name, options: known = {} }, { name: option, rawName, value, inlineValue }, given) {
  if (!Object.hasOwn(known, option)) return unknownOption(name, rawName, known);
  const wanted = known[option];
  if (wanted === "") return value === undefined ? undefined : `${rawName} takes no value, and has ${value}`;
  if (!value) return `${rawName} needs a value: ${rawName} ${wanted}`;
  if (!inlineValue && value.startsWith("-"))
    return `${rawName} needs a value, not ${value}; one that begins with a dash is written ${rawName}=${value}`;
  if (wanted.includes("|") && !wanted.split("|").includes(value))
    return `${rawName} is one of ${wanted.split("|").join(", ")}, not ${value}`;
  if (!wanted.endsWith("…") && given[option]) return `${rawName} is given twice`;
}

const unknownOption = (name, option, known) =>
  unknown(
    `option of ${name}`,
    option,
    Object.keys(known).map((one) => `--${one}`),
  );

function unknown(kind, word, all) {
  const [nearest] = all.toSorted((a, b) => distance(word, a) - distance(word, b));
  const hint = nearest && distance(word, nearest) <= 3 ? `; did you mean ${nearest}?` : "";
  return `there is no ${kind} ${word}${hint}\n${all.length > 0 ? `There are ${all.join(", ")}.` : "It takes no options."}`;
}

/** Letters to add, drop or change until one word is the other (Levenshtein 1966). */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
