// Mappings that somebody made, by the signature of the columns: the next file with the same columns is read alike.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { dataFolder } from "../../../common/env";
import { type RowMapping, rowMapping } from "../../../spec/row-mapping";

const file = () => join(dataFolder(), "mappings.json");
const remembered = z.record(z.string(), rowMapping);

const all = (): Record<string, RowMapping> =>
  existsSync(file()) ? remembered.parse(JSON.parse(readFileSync(file(), "utf8"))) : {};

export const mappingFor = (signature: string): RowMapping | null => all()[signature] ?? null;

/** Null forgets it. */
export function rememberMapping(signature: string, mapping: RowMapping | null): void {
  const { [signature]: _, ...others } = all();
  mkdirSync(dirname(file()), { recursive: true });
  writeFileSync(`${file()}.new`, JSON.stringify(mapping ? { ...others, [signature]: mapping } : others, null, 1));
  renameSync(`${file()}.new`, file());
}
