// Rows of an Arrow file (Feather version 2) or stream, as Hugging Face's `datasets` and pandas save them, in their order. Damage ends
// them: the rows before it are read.
import { opened } from "./bytes";
import type { BadLine } from "./lines";
import { readingThread } from "./reading-thread";

type Answer = { rows: unknown[] } | { done: true } | { error: string };

/** Every row as a plain object, by its number. */
export async function* arrowRows(path: string): AsyncGenerator<{ line: number; value: unknown } | BadLine> {
  await (await opened(path)).close(); // says it in a sentence where there is no such file
  const thread = readingThread<Answer>("arrow-worker.mjs", path);
  let line = 1;
  try {
    for (let said = await thread.begin(); !("done" in said); said = await thread.ask(undefined)) {
      if ("error" in said) {
        yield { line, reason: `the Arrow file breaks off here (${said.error}); what follows could not be read` };
        return;
      }
      for (const value of said.rows) yield { line: line++, value };
    }
  } finally {
    await thread.end();
  }
}
