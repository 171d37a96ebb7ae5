// Text of tokens as they come. A token may be a part of a character, and its text may depend on the one before it: what could still change is
// held back.

export interface TextStream {
  /** The text that a token adds; empty while it may still change. */
  push(id: number): string;
  /** What was held back. */
  rest(): string;
}

export function textStream(decode: (ids: number[]) => string): TextStream {
  const ids: number[] = [];
  let before = 0; // tokens from here on give their neighbours their spaces …
  let told = 0; // … and up to here they are told
  const added = () => decode(ids.slice(before)).slice(decode(ids.slice(before, told)).length);
  const tell = (text: string) => {
    before = told;
    told = ids.length;
    return text;
  };
  return {
    push(id) {
      ids.push(id);
      const text = added();
      return text === "" || text.endsWith("\uFFFD") ? "" : tell(text);
    },
    rest: () => tell(added()),
  };
}

export interface StopCut {
  /** The text that certainly comes before a stop string. */
  push(text: string): string;
  /** Whether a stop string has come: nothing after it counts. */
  stopped(): boolean;
  rest(): string;
}

/** Ends a text before the first of `stops` in it. */
export function stopCut(stops: string[]): StopCut {
  let held = "";
  let over = false;
  const give = (length: number) => {
    const text = held.slice(0, length);
    held = held.slice(length);
    return text;
  };
  return {
    push(text) {
      if (over) return "";
      held += text;
      const found = stops.map((stop) => held.indexOf(stop)).filter((at) => at >= 0);
      if (found.length === 0) return give(held.length - mayBegin(held, stops));
      over = true;
      const before = give(Math.min(...found));
      held = "";
      return before;
    },
    stopped: () => over,
    rest: () => give(held.length),
  };
}

/** Characters at the end of `text` with which one of `stops` may begin. */
export function mayBegin(text: string, stops: string[]): number {
  const longest = Math.min(text.length, Math.max(0, ...stops.map((stop) => stop.length - 1)));
  for (let length = longest; length > 0; length--)
    if (stops.some((stop) => stop.startsWith(text.slice(-length)))) return length;
  return 0;
}
