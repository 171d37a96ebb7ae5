import type { Compressors } from "hyparquet";

export const boundedCompressors: Compressors;
