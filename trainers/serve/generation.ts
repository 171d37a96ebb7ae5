// From a request's prompts to the texts of its choices, which grow token by token.
import type { ChatTokenizer } from "../models/tokenizer";
import type { Drawing, Engine, TokenLogProb } from "./sequence";
import { stopCut, textStream } from "./text-stream";

export interface Generation {
  /** As the request calls it, and as the engine does. */
  model: string;
  policy: string;
  /** Choice i · n + j is the j-th answer to prompt i. */
  prompts: number[][];
  n: number;
  maxNewTokens: number;
  drawing: Omit<Drawing, "stream">;
  seed: number;
  stops: string[];
  /** Whether end tokens are tokens like others. */
  ignoreEnds: boolean;
  top: number | null;
  scorePrompt: boolean;
}

/** What a choice has more than before. */
export interface Delta {
  choice: number;
  text: string;
  tokens: TokenLogProb[];
}

export interface Choice {
  prompt: number[];
  /** From the second on, where they were asked for. */
  promptTokens: TokenLogProb[];
  text: string;
  tokens: TokenLogProb[];
  /** Of the answer, with the one that ended it. */
  count: number;
  /** Tokens of the prompt that had been computed before. */
  cached: number;
  finish: "stop" | "length";
}

export interface Generating {
  choices: Promise<Choice[]>;
  cancel(): void;
}

/** `tell` hears of every choice as it grows. */
export function generate(
  engine: Engine,
  tokenizer: ChatTokenizer,
  generation: Generation,
  tell: (delta: Delta) => void,
): Generating {
  const { prompts, n } = generation;
  const asked = prompts.flatMap((prompt) => Array.from({ length: n }, (_, sample) => ({ prompt, sample })));
  const all = asked.map(({ prompt, sample }, choice) => {
    const stream = `${generation.seed}/${sample}`;
    return choiceOf(engine, tokenizer, { ...generation, prompt, stream }, (grown) => tell({ choice, ...grown }));
  });
  return {
    choices: Promise.all(all.map(({ choice }) => choice)),
    cancel() {
      for (const { cancel } of all) cancel();
    },
  };
}

function choiceOf(
  engine: Engine,
  tokenizer: ChatTokenizer,
  one: Generation & { prompt: number[]; stream: string },
  tell: (grown: Omit<Delta, "choice">) => void,
): { choice: Promise<Choice>; cancel(): void } {
  const { prompt, policy, maxNewTokens, top, scorePrompt, drawing, stream } = one;
  const made: Choice = { prompt, promptTokens: [], text: "", tokens: [], count: 0, cached: 0, finish: "length" };
  const texts = textStream(tokenizer.decode);
  const cut = stopCut(one.stops);
  let untold: TokenLogProb[] = [];
  const grow = (text: string) => {
    if (text === "") return;
    made.text += text;
    tell({ text, tokens: untold });
    untold = [];
  };
  const token = (id: number, scored: TokenLogProb | null): boolean => {
    made.count++;
    if (scored) {
      made.tokens.push(scored);
      untold.push(scored);
    }
    if (!one.ignoreEnds && tokenizer.ends.has(id)) {
      made.finish = "stop";
      return true;
    }
    grow(cut.push(texts.push(id)));
    return cut.stopped();
  };
  const finish = (cached: number): Choice => {
    grow(cut.push(texts.rest()));
    if (cut.stopped()) made.finish = "stop";
    else grow(cut.rest());
    if (untold.length > 0) tell({ text: "", tokens: untold });
    return { ...made, cached };
  };
  let cancel = () => {};
  const choice = new Promise<Choice>((resolve, reject) => {
    const ticket = engine.submit({
      ...{ policy, prompt, maxNewTokens, top, scorePrompt, token },
      drawing: { ...drawing, stream },
      scoredPrompt(tokens) {
        made.promptTokens = tokens;
      },
      ended: (cached, error) => (error === undefined ? resolve(finish(cached)) : reject(error)),
    });
    cancel = ticket.cancel;
  });
  return { choice, cancel };
}
