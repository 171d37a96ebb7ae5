// vLLM's requests about tokens, which lm-eval and others ask beside OpenAI's API: a text's ids, the text of ids, and what the tokenizer has.
// https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
import { z } from "zod";
import type { Message } from "../../spec/chat";
import type { ChatTokenizer } from "../models/tokenizer";
import { RequestError } from "./asked";
import { messageList } from "./requests";
import type { Served } from "./served";

export const tokenizeRequest = z.union([
  z.looseObject({ prompt: z.string(), add_special_tokens: z.boolean().default(true) }),
  z.looseObject({ messages: messageList, add_generation_prompt: z.boolean().default(true) }),
]);

export const detokenizeRequest = z.looseObject({ tokens: z.array(z.int().min(0)) });

export function tokenized(request: z.infer<typeof tokenizeRequest>, { tokenizer, engine }: Served): object {
  const tokens = idsOf(request, tokenizer);
  return { count: tokens.length, max_model_len: engine.context, tokens, token_strs: null };
}

function idsOf(request: z.infer<typeof tokenizeRequest>, tokenizer: ChatTokenizer): number[] {
  if ("prompt" in request && typeof request.prompt === "string")
    return request.add_special_tokens ? tokenizer.document(request.prompt) : tokenizer.encode(request.prompt);
  if (tokenizer.template === null)
    throw new RequestError(400, "this model has no chat template: give `prompt` in place of `messages`", "messages");
  const { messages, add_generation_prompt } = request as { messages: Message[]; add_generation_prompt: boolean };
  return tokenizer.conversation(messages, add_generation_prompt);
}

export const detokenized = (
  { tokens }: z.infer<typeof detokenizeRequest>,
  { tokenizer, vocabulary }: Served,
): object => {
  const unknown = tokens.find((id) => id >= vocabulary);
  if (unknown !== undefined)
    throw new RequestError(400, `there is no token ${unknown}: this model has ${vocabulary}`, "tokens");
  return { prompt: tokenizer.exact(tokens) };
};

export const tokenizerInfo = ({ tokenizer, engine }: Served): object => ({
  tokenizer_class: "PreTrainedTokenizerFast",
  eos_token: tokenizer.show(tokenizer.eos),
  bos_token: tokenizer.bos === null ? null : tokenizer.show(tokenizer.bos),
  pad_token: tokenizer.show(tokenizer.pad),
  model_max_length: engine.context,
  chat_template: tokenizer.template,
});
