// Values of binary files as JSON holds them. Plain JavaScript, for the threads that read them.

/** 64-bit integers as numbers, absent values left out. */
export function plain(value) {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return Object.fromEntries(entries.map(([name, part]) => [name, plain(part)]));
}
