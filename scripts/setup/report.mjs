// One line per stage on standard error, so that standard output stays free for data.
const color = process.stderr.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);

/** A problem the user can fix: one sentence that says what is wrong and what to do. Printed without a stack. */
export class SetupError extends Error {}

export function line(mark, name, text) {
  process.stderr.write(`  ${mark} ${name.padEnd(16)} ${text}\n`);
}

/** Runs one stage; `work` gets `say(text)` for what it is doing meanwhile and returns the closing words. */
export async function stage(name, work) {
  const started = Date.now();
  const say = (text) => line(paint(33, "…"), name, text);
  const words = await work(say);
  const seconds = (Date.now() - started) / 1000;
  line(paint(32, "✓"), name, seconds > 1 ? `${words} (${seconds.toFixed(0)} s)` : words);
}

/** Ends the process on a failed set-up: a sentence for what the user can fix, a stack for what they cannot. */
export function fail(error) {
  process.stderr.write(`\n${paint(31, "✗")} ${error instanceof SetupError ? error.message : (error.stack ?? error)}\n`);
  process.exit(1);
}
