// Remakes the rows of the evaluations under data/evaluations: npx tsx tools/makers/make-evaluations.ts
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createRandom } from "../../common/random";
import { arithmeticAnswer, arithmeticExpression, arithmeticPrompt } from "../../trainers/rewards/gold/arithmetic";
import { sortingAnswer, sortingPrompt } from "../../trainers/rewards/gold/sorting";

const folder = "data/evaluations";
const write = (name: string, rows: object[]) =>
  writeFileSync(`${folder}/${name}.jsonl`, `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`);

/** So many prompts that the sample data do not have. */
function unseen(sample: string, count: number, make: () => string): string[] {
  const lines = gunzipSync(readFileSync(`data/samples/${sample}.jsonl.gz`))
    .toString()
    .trim()
    .split("\n");
  const seen = new Set(lines.map((line) => (JSON.parse(line) as { prompt: [{ content: string }] }).prompt[0].content));
  const found = new Set<string>();
  while (found.size < count) {
    const prompt = make();
    if (!seen.has(prompt)) found.add(prompt);
  }
  return [...found];
}

function arithmetic(): object[] {
  const random = createRandom("evaluation: arithmetic");
  const answers = new Map<string, string>();
  const prompts = unseen("arithmetic", 200, () => {
    const expression = arithmeticExpression(random);
    const prompt = arithmeticPrompt(expression);
    answers.set(prompt, arithmeticAnswer(expression).split("#### ")[1]!);
    return prompt;
  });
  return prompts.map((prompt) => ({ prompt, answer: answers.get(prompt) }));
}

function sorting(): object[] {
  const random = createRandom("evaluation: sorting");
  const prompts = unseen("sorting", 200, () => sortingPrompt(random));
  return prompts.map((prompt) => ({ prompt, answer: sortingAnswer(prompt) }));
}

/** An instruction: IFEval's id, its arguments, and the words that ask for it. */
interface Instruction {
  id: string;
  arguments: Record<string, string | number | string[]>;
  words: string;
}

/** A kind of instruction about a topic; those of one group contradict each other. */
type Kind = { group: string; make: (topic: Topic, random: () => number) => Instruction };
interface Topic {
  request: string;
  words: [string, string];
}

const topics: Topic[] = [
  { request: "Explain how to keep a houseplant alive.", words: ["light", "water"] },
  { request: "Describe a morning at a small harbour.", words: ["boat", "gulls"] },
  { request: "Give advice to somebody who cooks rice for the first time.", words: ["pot", "steam"] },
  { request: "Write about a train that arrives late.", words: ["platform", "clock"] },
  { request: "Explain why the sky is blue.", words: ["light", "air"] },
  { request: "Recommend a way to learn ten words of a language a day.", words: ["cards", "morning"] },
  { request: "Describe how bread is made.", words: ["flour", "oven"] },
  { request: "Write an invitation to a garden party.", words: ["table", "evening"] },
  { request: "Explain what a library is for.", words: ["books", "quiet"] },
  { request: "Tell the story of a lost umbrella.", words: ["rain", "street"] },
  { request: "Explain how a bicycle stays upright.", words: ["wheel", "speed"] },
  { request: "Give tips for a good night's sleep.", words: ["dark", "bed"] },
  { request: "Describe a market in autumn.", words: ["apples", "stall"] },
  { request: "Explain how tides work.", words: ["moon", "sea"] },
  { request: "Write a note to a neighbour about a parcel.", words: ["door", "thanks"] },
];

const within = (random: () => number, least: number, most: number) => least + Math.floor(random() * (most - least + 1));

const kinds: Kind[] = [
  {
    group: "words",
    make: ({ words }) => ({
      id: "keywords:existence",
      arguments: { keywords: [...words] },
      words: `Include the words "${words[0]}" and "${words[1]}".`,
    }),
  },
  {
    group: "words",
    make: ({ words }) => ({
      id: "keywords:forbidden_words",
      arguments: { forbidden_words: [...words] },
      words: `Do not use the words "${words[0]}" and "${words[1]}".`,
    }),
  },
  {
    group: "words",
    make({ words }, random) {
      const frequency = within(random, 2, 3);
      const named = { keyword: words[0], frequency, relation: "at least" };
      return { id: "keywords:frequency", arguments: named, words: `Use "${words[0]}" at least ${frequency} times.` };
    },
  },
  {
    group: "length",
    make(_, random) {
      const most = 10 * within(random, 3, 6);
      const named = { num_words: most, relation: "less than" };
      return { id: "length_constraints:number_words", arguments: named, words: `Use less than ${most} words.` };
    },
  },
  {
    group: "length",
    make(_, random) {
      const least = 10 * within(random, 2, 4);
      const named = { num_words: least, relation: "at least" };
      return { id: "length_constraints:number_words", arguments: named, words: `Use at least ${least} words.` };
    },
  },
  {
    group: "shape",
    make(_, random) {
      const count = within(random, 2, 4);
      return {
        id: "detectable_format:number_bullet_lists",
        arguments: { num_bullets: count },
        words: `Answer with exactly ${count} bullet points in Markdown, each on a line that begins with "* ".`,
      };
    },
  },
  {
    group: "shape",
    make: () => ({ id: "detectable_format:json_format", arguments: {}, words: "Give the whole answer as JSON." }),
  },
  {
    group: "shape",
    make(_, random) {
      const count = within(random, 2, 3);
      const words = `Write ${count} paragraphs, with *** on a line of its own between them.`;
      return { id: "length_constraints:number_paragraphs", arguments: { num_paragraphs: count }, words };
    },
  },
  {
    group: "title",
    make: () => ({
      id: "detectable_format:title",
      arguments: {},
      words: "Begin with a title in double angular brackets, as in <<a title>>.",
    }),
  },
  {
    group: "marks",
    make(_, random) {
      const count = within(random, 1, 2);
      const words = `Highlight at least ${count} part${count === 1 ? "" : "s"} of the answer in Markdown, as in *highlighted*.`;
      return { id: "detectable_format:number_highlighted_sections", arguments: { num_highlights: count }, words };
    },
  },
  {
    group: "marks",
    make(_, random) {
      const count = within(random, 1, 2);
      const words = `Leave at least ${count} placeholder${count === 1 ? "" : "s"} in square brackets, as in [name].`;
      return { id: "detectable_content:number_placeholders", arguments: { num_placeholders: count }, words };
    },
  },
  {
    group: "comma",
    make: () => ({ id: "punctuation:no_comma", arguments: {}, words: "Do not use any commas." }),
  },
  {
    group: "case",
    make: () => ({ id: "change_case:english_lowercase", arguments: {}, words: "Write in English and in lowercase." }),
  },
  {
    group: "case",
    make: () => ({ id: "change_case:english_capital", arguments: {}, words: "Write in English and in capitals only." }),
  },
  {
    group: "end",
    make: () => ({
      id: "startend:end_checker",
      arguments: { end_phrase: "That is all." },
      words: 'End with exactly "That is all." and nothing after it.',
    }),
  },
  {
    group: "end",
    make: () => ({
      id: "detectable_content:postscript",
      arguments: { postscript_marker: "P.S." },
      words: 'Add a postscript that begins with "P.S." at the end.',
    }),
  },
  {
    group: "quotes",
    make: () => ({
      id: "startend:quotation",
      arguments: {},
      words: "Put the whole answer into double quotation marks.",
    }),
  },
];

/** Topics by turns, each with one to three instructions that can be followed together. */
function instructions(): object[] {
  const random = createRandom("evaluation: instructions");
  return Array.from({ length: 150 }, (_, key) => {
    const topic = topics[key % topics.length]!;
    const chosen: Kind[] = [kinds[key % kinds.length]!];
    while (chosen.length < 1 + (key % 3)) {
      const next = kinds[within(random, 0, kinds.length - 1)]!;
      if (chosen.every((one) => areTogether(one, next))) chosen.push(next);
    }
    const made = chosen.map(({ make }) => make(topic, random));
    return {
      key,
      prompt: [topic.request, ...made.map(({ words }) => words)].join(" "),
      instruction_id_list: made.map(({ id }) => id),
      kwargs: made.map((one) => one.arguments),
    };
  });
}

/** JSON and quotation marks leave room for little else; a fixed phrase has its own letters and marks. */
function areTogether(a: Kind, b: Kind): boolean {
  const groups = [a.group, b.group];
  if (a.group === b.group) return false;
  if (groups.includes("quotes") || groups.includes("shape"))
    return (
      groups.every((group) => ["quotes", "shape", "comma", "words", "length"].includes(group)) &&
      !(groups.includes("quotes") && groups.includes("shape")) &&
      !(groups.includes("shape") && groups.includes("comma"))
    );
  return !(groups.includes("case") && (groups.includes("end") || groups.includes("words")));
}

write("arithmetic", arithmetic());
write("sorting", sorting());
write("instructions", instructions());
write(
  "general_text",
  readFileSync("data/general.txt", "utf8")
    .split(/\n\n+/)
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .map((text) => ({ text })),
);
