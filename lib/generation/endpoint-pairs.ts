// Responses written over endpoints, as `workbench generate-pairs` has them written by models of this machine: by one writer or by two in turn.
import { areAlike } from "../../common/min-hash";
import type { Message } from "../../spec/chat";
import type { WrittenPair } from "../../spec/reports";
import type { Endpoint } from "../db/tables/endpoints";
import { ask } from "../endpoints/ask";

export interface Writing {
  temperature: number;
  longest: number;
  signal?: AbortSignal;
}

export interface Writer {
  /** As records name it. */
  name: string;
  /** Another seed, another answer. */
  write: (prompt: Message[], seed: number, how: Writing) => Promise<{ text: string; ended: boolean }>;
}

export const endpointWriter = (endpoint: Endpoint): Writer => ({
  name: `${endpoint.name} (${endpoint.model})`,
  write: (messages, seed, { temperature, longest, signal }) =>
    ask(endpoint, { messages, max_tokens: longest, temperature, seed }, signal),
});

/** Prompts that are answered at the same time: what a batch gives is stored before the next one is asked. */
const atOnce = 8;

interface Asked extends Writing {
  prompts: Message[][];
  /** To each prompt; of two writers the second writes every other one. */
  samples: number;
  /** Prompts with fewer answers left are left out. */
  least: 1 | 2;
}

/** `take` gets each batch. Answers that are cut, empty or nearly the same as an earlier one are left out. */
export async function endpointPairs(
  [first, second]: [Writer, Writer],
  { prompts, samples, least, ...how }: Asked,
  take: (rows: WrittenPair[], done: number, total: number) => Promise<void>,
): Promise<void> {
  const source = `first by ${first.name}, second by ${second.name}, temperature ${how.temperature}`;
  for (let from = 0; from < prompts.length; from += atOnce) {
    how.signal?.throwIfAborted();
    const batch = prompts.slice(from, from + atOnce);
    const written = await Promise.all(
      batch.map(async (prompt): Promise<WrittenPair[]> => {
        const answers = await Promise.all(
          Array.from({ length: samples }, async (_, sample) => {
            const { name, write } = sample % 2 === 0 ? first : second;
            return { writer: name, ...(await write(prompt, sample, how)) };
          }),
        );
        const kept = distinct(answers.filter(({ text, ended }) => ended && text.trim() !== ""));
        if (kept.length < least) return [];
        return [{ prompt, answers: kept.map(({ text }) => text), source, writers: kept.map(({ writer }) => writer) }];
      }),
    );
    await take(written.flat(), from + batch.length, prompts.length);
  }
}

function distinct<Answer extends { text: string }>(answers: Answer[]): Answer[] {
  const wordsOf = ({ text }: Answer) => text.split(/\s+/).filter(Boolean);
  const kept: Answer[] = [];
  for (const answer of answers) if (!kept.some((other) => areAlike(wordsOf(other), wordsOf(answer)))) kept.push(answer);
  return kept;
}
