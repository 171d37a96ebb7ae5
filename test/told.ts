// What an import says of a file: how many rows came in, and what was said of the others, each with its line.
import { randomUUID } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadLabelled } from "../lib/datasets/labelled/labelled-sets";

export interface Told {
  rows: number;
  said: string[];
  /** What else should be known of the rows that came in. */
  notes: string[];
}

export async function told(ending: string, content: string | Uint8Array): Promise<Told> {
  const file = join(mkdtempSync(join(tmpdir(), "workbench-bad-")), `rows.${ending}`);
  writeFileSync(file, content);
  try {
    const { rows, bad, notes } = await loadLabelled(randomUUID(), file, 0);
    return { rows, said: bad.map(({ line, reason }) => `line ${line}: ${reason}`), notes };
  } catch (error) {
    const said = (error as Error).message.replace(/^No line could be imported as labelled. L/, "l");
    return { rows: 0, said: [said], notes: [] };
  }
}
