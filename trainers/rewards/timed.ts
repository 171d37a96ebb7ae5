// What a run file says may take forever on the wrong text: expressions that go back and forth, schemas that refer to themselves.
import { createContext, Script } from "node:vm";

/** Characters of an answer that a pattern sees, and how long it may look. */
const longestText = 65_536;
export const longestMs = 1000;

/** What `work` gives back; Node's error ERR_SCRIPT_EXECUTION_TIMEOUT where that takes too long. */
export function timed<T>(work: () => T): T {
  context.work = work;
  return script.runInContext(context, { timeout: longestMs }) as T;
}
const context = createContext({ work: () => {} });
const script = new Script("work()");

/** Whether a regular expression matches, or an error that names it where it takes too long. */
export function timedTest(expression: string): (text: string) => boolean {
  const wanted = new RegExp(expression, "u");
  return (text) => {
    try {
      return timed(() => wanted.test(text.slice(0, longestText)));
    } catch (cause) {
      throw new Error(
        `the pattern ${expression} took more than ${longestMs / 1000} s on an answer of ${text.length} characters; repeats within repeats, such as (a+)+, go back and forth: write it without`,
        { cause },
      );
    }
  };
}
