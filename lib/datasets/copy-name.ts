import { freeName } from "../free-name";

/** "NAME (copy)", or with a number where that is taken. */
export const copyName = (name: string, isTaken: (name: string) => boolean): string =>
  freeName(name, (n) => (n === 1 ? " (copy)" : ` (copy ${n})`), isTaken);
