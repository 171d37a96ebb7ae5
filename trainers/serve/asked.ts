// What a request asks of the engine, with the defaults of OpenAI's API; whatever cannot be done is refused in its words.
import { randomInt } from "node:crypto";
import type { Message } from "../../spec/chat";
import type { Generation } from "./generation";
import type { ChatRequest, CompletionRequest } from "./requests";
import type { Served } from "./served";

/** Becomes an answer as OpenAI's API gives it. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly param: string | null = null,
    readonly code: string | null = null,
  ) {
    super(message);
  }
}

/** As long as OpenAI's completions are where nobody says how long. */
const usualCompletion = 16;

/** `folder`: where the policy lies that is to answer, of those that have been loaded; null: the request's `model` is one of the server's names. */
export function askedCompletion(request: CompletionRequest, served: Served, folder: string | null): Generation {
  const { prompt, echo = false, logprobs } = request;
  const several = typeof prompt === "string" || typeof prompt[0] === "number" ? [prompt] : prompt;
  const prompts = (several as (string | number[])[]).map((one) =>
    typeof one === "string" ? served.tokenizer.document(one) : one,
  );
  const maxNewTokens = request.max_tokens ?? usualCompletion;
  return checked(
    {
      ...sampled(request, folder),
      prompts,
      maxNewTokens,
      top: logprobs ?? null,
      scorePrompt: echo && logprobs !== undefined,
    },
    served,
  );
}

export function askedChat(request: ChatRequest, served: Served, folder: string | null): Generation {
  const { messages, logprobs = false, top_logprobs: top = 0 } = request;
  if (served.tokenizer.template === null)
    throw new RequestError(400, "this model has no chat template: ask /v1/completions", "messages");
  const prompt = served.tokenizer.conversation(
    messages as Message[],
    true,
    callable(request) ? { tools: request.tools! } : {},
  );
  const room = Math.max(1, served.engine.context - prompt.length);
  const maxNewTokens = request.max_completion_tokens ?? request.max_tokens ?? room;
  const asked = { prompts: [prompt], maxNewTokens, top: logprobs ? top : null, scorePrompt: false };
  return checked({ ...sampled(request, folder), ...asked }, served);
}

/** Names of the tools that an answer may call; null: none. */
export const callable = ({ tools, tool_choice: choice }: ChatRequest): string[] | null =>
  tools && tools.length > 0 && choice !== "none" ? tools.map((tool) => tool.function.name) : null;

function sampled(request: CompletionRequest | ChatRequest, folder: string | null) {
  const { temperature = 1, top_p = 1, top_k = 0, stop = [], seed } = request;
  return {
    model: request.model,
    policy: folder ?? request.model,
    n: request.n ?? 1,
    seed: seed ?? randomInt(2 ** 47),
    stops: [stop].flat(),
    ignoreEnds: request.ignore_eos ?? false,
    drawing: {
      temperature,
      topP: top_p === 1 ? null : top_p,
      topK: top_k > 0 ? top_k : null,
      bias: new Map(Object.entries(request.logit_bias ?? {}).map(([id, value]) => [Number(id), value])),
      frequencyPenalty: request.frequency_penalty ?? 0,
      presencePenalty: request.presence_penalty ?? 0,
    },
  };
}

function checked(asked: Generation, { names, engine, unserved, vocabulary }: Served): Generation {
  if (asked.policy === asked.model && !names.includes(asked.model))
    throw new RequestError(
      404,
      `there is no model "${asked.model}" here, only ${names.map((name) => `"${name}"`).join(", ")}`,
      "model",
      "model_not_found",
    );
  const field = unserved({ ...asked, drawing: { ...asked.drawing, stream: "" } });
  if (field) throw new RequestError(400, `this model's architecture is served without ${field}: leave it out`, field);
  const outside = [...asked.prompts.flat(), ...asked.drawing.bias.keys()].find((id) => id < 0 || id >= vocabulary);
  if (outside !== undefined)
    throw new RequestError(400, `token ${outside} is not one of the model's ${vocabulary}`, "prompt");
  for (const { length } of asked.prompts) {
    if (length === 0) throw new RequestError(400, "the prompt is empty, and this model begins with nothing", "prompt");
    if (length + asked.maxNewTokens > engine.context)
      throw new RequestError(
        400,
        `the prompt has ${length} tokens and the answer up to ${asked.maxNewTokens}; together they may have ${engine.context}`,
        "max_tokens",
        "context_length_exceeded",
      );
  }
  return asked;
}
