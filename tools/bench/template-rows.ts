// Conversations of our own that chat templates are tried on: what people's rows have, and what some templates refuse.
import type { Message } from "../../spec/chat";

export interface TemplateRow {
  /** What it tries. */
  what: string;
  messages: Message[];
  tools?: object[];
}

const user = (content: string): Message => ({ role: "user", content });
const assistant = (content: string): Message => ({ role: "assistant", content });
const system = (content: string): Message => ({ role: "system", content });

const weather = {
  type: "function",
  function: {
    name: "weather_at",
    description: "The weather at a place.",
    parameters: {
      type: "object",
      properties: {
        place: { type: "string", description: "The name of a town." },
        days: { type: "integer", description: "How many days ahead.", default: 1 },
      },
      required: ["place"],
    },
  },
};
const call = { name: "weather_at", arguments: { place: "Zürich", days: 2 } };

export const templateRows: TemplateRow[] = [
  { what: "one turn", messages: [user("Name a yellow fruit."), assistant("A banana.")] },
  { what: "a question alone", messages: [user("Name a yellow fruit.")] },
  { what: "a system message", messages: [system("Answer in one word."), user("Which fruit?"), assistant("Plum.")] },
  {
    what: "three turns",
    messages: [
      ...[system("You are a cook."), user("Soup?"), assistant("Which one?"), user("Leek."), assistant("Gladly.")],
      ...[user("And bread?"), assistant("Rye.")],
    ],
  },
  {
    what: "white space, scripts, quotes, braces",
    messages: [user("  Zwei Zeilen:\n\n\t{{ eins }} {% zwei %} \n"), assistant(' 好的 👩‍🍳 "drei" <b>&amp;</b>\n\n')],
  },
  { what: "an empty answer", messages: [user("Say nothing."), assistant("")] },
  { what: "two questions in a row", messages: [user("Red?"), user("Or blue?"), assistant("Blue.")] },
  { what: "an answer first", messages: [assistant("Good morning."), user("Hello."), assistant("Hello!")] },
  {
    what: "reasoning",
    messages: [
      user("What is 17 × 3?"),
      { role: "assistant", content: "51", reasoning_content: "17 × 3 is 51." } as Message,
      ...[user("And × 2?"), { role: "assistant", content: "102", reasoning_content: "51 × 2." } as Message],
    ],
  },
  { what: "a think block in the answer", messages: [user("2 + 2?"), assistant("<think>\nEasy.\n</think>\n\nFour.")] },
  { what: "tools that nobody calls", messages: [user("Good morning."), assistant("Hello.")], tools: [weather] },
  {
    what: "a tool call and its result",
    messages: [
      user("Will it rain?"),
      {
        role: "assistant",
        content: "",
        tool_calls: [{ id: "call12345", type: "function", function: call }],
      } as unknown as Message,
      { role: "tool", tool_call_id: "call12345", name: "weather_at", content: '{"rain": true}' } as unknown as Message,
      assistant("Take an umbrella."),
    ],
    tools: [weather],
  },
];
