import { notFound } from "next/navigation";
import { cache } from "react";
import { listModels } from "@/lib/models/list-models";
import { lineOf } from "@/lib/models/model-tree";

/** The model of an address, with its lineage and the base in it whose files it uses. Shows "Not found" where there is none. */
export const modelOf = cache(async (address: string) => {
  const id = decodeURIComponent(address);
  const line = lineOf(await listModels(), id);
  const at = line.findIndex((one) => one.id === id);
  const model = line[at] ?? notFound();
  const base = line.slice(0, at + 1).findLast(({ kind }) => kind === "base") ?? line[0]!;
  return { model, line, base };
});
