// What texts cost with a tokenizer: tokens by language and by row.
interface Cost {
  characters: number;
  tokens: number;
}

/** Counts one text after the other. */
export function costOf(encode: (text: string) => number[]) {
  const languages = new Map<string, Cost>();
  let [rows, tokensOfRows] = [0, 0];
  return {
    /** `isRow`: whether the texts are a row, not a piece of a longer text. */
    add(language: string, texts: string[], isRow: boolean): void {
      const found = languages.get(language) ?? { characters: 0, tokens: 0 };
      languages.set(language, found);
      for (const text of texts) {
        const tokens = encode(text).length;
        found.tokens += tokens;
        found.characters += [...text].length;
        if (isRow) tokensOfRows += tokens;
      }
      if (isRow) rows++;
    },
    counted() {
      const all = [...languages.values()].reduce(
        (sum, { characters, tokens }) => ({ characters: sum.characters + characters, tokens: sum.tokens + tokens }),
        { characters: 0, tokens: 0 },
      );
      return {
        ...perToken(all),
        rows,
        tokensPerRow: rows === 0 ? null : tokensOfRows / rows,
        languages: [...languages]
          .sort(([, a], [, b]) => b.characters - a.characters)
          .map(([language, cost]) => ({ language, ...perToken(cost) })),
      };
    },
  };
}

const perToken = (cost: Cost) => ({
  ...cost,
  charactersPerToken: cost.tokens === 0 ? null : cost.characters / cost.tokens,
});
