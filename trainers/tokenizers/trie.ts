// Pieces by their characters, to find all that begin at a place of a text.
export interface Trie {
  /** Calls `found` with the end and the index of every piece that begins at `start`. */
  prefixes(characters: string[], start: number, found: (end: number, piece: number) => void): void;
}

export function trieOf(pieces: readonly string[]): Trie {
  const children = new Map<number, number>();
  const pieceAt: (number | undefined)[] = [undefined];
  const key = (node: number, character: string) => node * codePoints + character.codePointAt(0)!;
  for (const [index, piece] of pieces.entries()) {
    let node = 0;
    for (const character of piece) {
      const next = children.get(key(node, character)) ?? pieceAt.push(undefined) - 1;
      children.set(key(node, character), next);
      node = next;
    }
    pieceAt[node] = index;
  }
  return {
    prefixes(characters, start, found) {
      let node: number | undefined = 0;
      for (let at = start; at < characters.length; at++) {
        node = children.get(key(node, characters[at]!));
        if (node === undefined) return;
        const piece = pieceAt[node];
        if (piece !== undefined) found(at + 1, piece);
      }
    },
  };
}

const codePoints = 0x110000;
