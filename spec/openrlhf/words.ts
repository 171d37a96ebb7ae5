// Options as OpenRLHF's command line takes them.
import { word } from "../shell";

/** true is a flag without a value. */
export type Flag = string | number | true | (string | number)[];
export type Flags = Record<string, Flag>;

export const wordsOf = (name: string, value: Flag): string =>
  [`--${name}`, ...(value === true ? [] : [value].flat().map((one) => word(String(one))))].join(" ");
