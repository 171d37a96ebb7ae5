// What unpacks a page of a Parquet file, unless the page claims more than any page of rows has: it would be given the memory before a byte
// is looked at. Plain JavaScript, for parquet-worker.mjs.
import { compressors } from "hyparquet-compressors";

const largestPage = 2 ** 28;

/** @type {import("hyparquet").Compressors} */
export const boundedCompressors = Object.fromEntries(
  Object.entries(compressors).map(([name, unpack]) => [
    name,
    (packed, size) => {
      if (size > largestPage)
        throw new Error(`a page claims to unpack to ${Math.round(size / 1e6)} MB; at most ${largestPage / 1e6} MB`);
      return unpack(packed, size);
    },
  ]),
);
