/** What a run's page says of its job, each thing once: `show` what is so, `fail` what went wrong, not again before `quietMs` have passed without it. */
export function jobNotes(note: (text: string) => void, quietMs: number) {
  let shown = "";
  const failedAt = new Map<string, number>();
  const show = (text: string) => {
    if (text !== shown) note(text);
    shown = text;
  };
  const fail = (text: string) => {
    const before = failedAt.get(text) ?? -Infinity;
    failedAt.set(text, Date.now());
    if (Date.now() - before > quietMs) show(text);
  };
  return { show, fail };
}
