// An environment with a tool: the model writes <tool_call>{"name": "calculate", "arguments": {"expression": "3 * 14"}}</tool_call>, as Qwen and Hermes
// do, and is told what comes out. An answer without a call ends the episode: 1 where it holds the row's `answer`.
type Message = { role: string; content: string };

const called = /<tool_call>\s*(\{.*?\})\s*<\/tool_call>/s;

export function step({ conversations, answer }: { conversations: Message[][]; answer: string[] }) {
  return conversations.map((conversation, i) => {
    const said = conversation.at(-1)!.content;
    const call = called.exec(said)?.[1];
    if (call === undefined) return { reward: said.includes(String(answer[i])) ? 1 : 0 };
    return { messages: [{ role: "tool", content: result(call) }] };
  });
}

/** Of sums, differences, products and quotients from left to right; or what is wrong with the call. */
function result(call: string): string {
  try {
    const { expression } = (JSON.parse(call) as { arguments: { expression: string } }).arguments;
    const parts = expression.match(/\d+(\.\d+)?|[-+*/]/g) ?? [];
    let value = Number(parts[0]);
    for (let i = 1; i + 1 < parts.length; i += 2) {
      const next = Number(parts[i + 1]);
      if (parts[i] === "+") value += next;
      if (parts[i] === "-") value -= next;
      if (parts[i] === "*") value *= next;
      if (parts[i] === "/") value /= next;
    }
    return String(value);
  } catch (error) {
    return `not understood: ${(error as Error).message}`;
  }
}
