// Chat templates for models that have none, in Jinja. Those whose turns end with the tokenizer's own end token suit every model.

const turns = (body: string, generation: string) =>
  `{% for message in messages %}${body}{% endfor %}{% if add_generation_prompt %}${generation}{% endif %}`;

/** By the names under which they are known. */
export const chatTemplates = {
  /** <|user|>, a line, the text and the end token. */
  zephyr: turns(
    "{{ '<|' + message['role'] + '|>\\n' + message['content'] + eos_token + '\\n' }}",
    "{{ '<|assistant|>\\n' }}",
  ),
  /** ### Instruction: and ### Response:, as Stanford Alpaca's; a system message stands before them. */
  alpaca: turns(
    "{% if message['role'] == 'user' %}{{ '### Instruction:\\n' + message['content'] + '\\n\\n' }}" +
      "{% elif message['role'] == 'assistant' %}{{ '### Response:\\n' + message['content'] + eos_token + '\\n\\n' }}" +
      "{% else %}{{ message['content'] + '\\n\\n' }}{% endif %}",
    "{{ '### Response:\\n' }}",
  ),
  /** OpenAI's ChatML; the model has to know <|im_end|> as a token that ends an answer. */
  chatml: turns(
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}",
    "{{ '<|im_start|>assistant\\n' }}",
  ),
};
export type ChatTemplateName = keyof typeof chatTemplates;
