// What a script that failed died of, from what it has said last.

const exception = /^(\[rank\d+\]: )?[\w.]+(Error|Exception|Interrupt)\b/;
const rootCause =
  /^Root Cause[\s\S]*?^ +rank +: (?<rank>\d+)[\s\S]*?^ +exitcode +: -?\d+ \(pid: \d+\)(?: +\((?<signal>\w+)\))?/m;

/**
 * The line that names Python's exception, or else the last line. Of several processes torch.distributed.run says which failed first: its exception,
 * and not what the others say who miss it, or the signal that ended it.
 */
export function reason(said: string[]): string | undefined {
  const { rank, signal } = rootCause.exec(said.join("\n"))?.groups ?? {};
  if (signal) return `process ${rank} was ended by ${signal}`;
  const named = said.filter((text) => exception.test(text) && !text.includes("ChildFailedError"));
  const own = named.findLast((text) => text.startsWith(`[rank${rank}]: `)) ?? named.at(-1) ?? said.at(-1);
  return own?.replace(/^\[rank(\d+)\]: /, "process $1: ");
}
