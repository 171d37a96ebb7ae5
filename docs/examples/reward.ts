// The same in TypeScript: what Python takes by name is one object here. JavaScript is read too, and the function may be async.
type Completion = string | { role: string; content: string }[];

interface Batch {
  prompts: Completion[];
  completions: Completion[];
  /** A column of the rows, where they have it. */
  words?: (number | null)[];
}

const textOf = (completion: Completion) => (typeof completion === "string" ? completion : completion[0]!.content);
const countOf = (text: string) => text.split(/\s+/).filter(Boolean).length;

export function reward({ completions, words = [] }: Batch): (number | null)[] {
  return completions.map((completion, i) => {
    const wanted = words[i] ?? null;
    return wanted === null ? null : -Math.abs(wanted - countOf(textOf(completion)));
  });
}
