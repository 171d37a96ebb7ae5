// The trainers' command line at work, its questions answered by the people of this workbench.
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { AlreadyReported, say } from "../../common/command-line";
import { endWords, startProgram } from "../jobs/spawn";
import { openDesk } from "../runner/judgements";

const waiting = z.object({ event: z.literal("waiting"), request: z.string(), answer: z.string() });
const lookMs = 500;

/** Prints what the command prints, but for what it asks people; its pairs come into a queue as those of the run in `output`. */
export async function judged(words: string[], output: string): Promise<void> {
  const { child, ended } = startProgram("trainers/cli.ts", words, { said: say });
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => child.kill("SIGTERM"));
  const desk = openDesk(output, basename(output));
  const timer = setInterval(() => desk.look(), lookMs);
  for await (const line of createInterface({ input: child.stdout! })) {
    const asked = waiting.safeParse(JSON.parse(line));
    if (asked.success) desk.open(asked.data);
    else process.stdout.write(`${line}\n`);
  }
  const end = await ended;
  clearInterval(timer);
  desk.close();
  if (end.signal) throw new Error(endWords(end));
  if (end.code !== 0) throw new AlreadyReported(end.code ?? 1);
}
