/** What V8 says of text that is no JSON, without the piece of that text which it quotes: a file's content belongs into no message. */
export const withoutQuote = (message: string): string =>
  message.replace(/Unexpected token [\s\S]* is not valid JSON/, "a character stands where none is expected");

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
