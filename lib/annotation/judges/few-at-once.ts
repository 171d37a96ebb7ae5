/** Requests wait for the endpoint's rate; more under way than this bring nothing but memory. */
const most = 8;

/**
 * Does the work on each item, a few at a time. After a failure no other is begun; what is under way is waited for, since it is paid for and kept, and the
 * failure is thrown. Once the signal is aborted no other is begun either, and nothing is thrown: who aborts it says what that means.
 */
export async function fewAtOnce<Item>(
  items: Item[],
  work: (item: Item) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const failures: unknown[] = [];
  const waiting = items.values(); // shared by all, each of which takes the next
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      if (failures.length > 0 || signal?.aborted) return;
      await work(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  if (failures.length > 0 && !signal?.aborted) throw failures[0];
}
