// Where a text names somebody.

/** `zoe` is not named by Zoey, nor by zoe.smith or zoe@example.org, which are others; at the end of a sentence and in `@zoe` she is. */
const before = "(?<![\\p{L}\\p{N}_]|[\\p{L}\\p{N}][.@-])";
const after = "(?![\\p{L}\\p{N}_]|[.@-][\\p{L}\\p{N}])";

/** Finds any of these as whole words, in whatever case; of two that fit, the longer one. */
export function namesIn(names: string[]): RegExp {
  const sorted = [...new Set(names.flatMap(writtenAs))].sort((a, b) => b.length - a.length);
  return new RegExp(`${before}(?:${sorted.map(escaped).join("|")})${after}`, "giu");
}

/** As it is, within JSON, and in an address. */
const writtenAs = (name: string): string[] => [
  name,
  JSON.stringify(name).slice(1, -1),
  encodeURIComponent(name),
  encodeURIComponent(name).replaceAll("%20", "+"),
];

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
