// What is read for somebody is what they may read, by whatever name it is called.
import { isOpen, requireOpen } from "../access/dataset-roles";
import { datasetsOf } from "./named";

/** Throws a 404 where a part of it is not theirs. */
export function requireReadable(source: string): void {
  for (const dataset of datasetsOf(source)) requireOpen(dataset, "read");
}

export const isReadable = (source: string): boolean => datasetsOf(source).every((dataset) => isOpen(dataset, "read"));
