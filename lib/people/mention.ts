// Where a text names somebody by `@`: comments link what is found by this, and an erasure replaces the same.

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** A pattern of any of these; of two that fit, the longer one. */
export const anyOf = (names: string[]): string =>
  `(${[...new Set(names)]
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join("|")})`;

/** Finds whole names after an `@`, in whatever case. */
export const mentionsOf = (names: string[]): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}_])@${anyOf(names)}(?![\\p{L}\\p{N}_])`, "giu");
