// Which answer is shown on the left: a hash of the item, flipped for every second seat (an annotator's slot at the item, or their number
// where pairs are not assigned), so that two annotators of an item see opposite sides and a reload changes nothing.
import { createHash } from "node:crypto";

export function shownLeft(seat: number, itemId: number): "first" | "second" {
  const coin = createHash("sha256").update(`side/${itemId}`).digest()[0]! & 1;
  return (coin ^ (seat & 1)) === 0 ? "first" : "second";
}

/** The order of a ranking's answers on screen: a shuffle that depends on the item, reversed for every second seat. */
export function shownOrder(answers: number, seat: number, itemId: number): number[] {
  const order = Array.from({ length: answers }, (_, i) => i);
  const chance = createHash("sha256").update(`order/${itemId}`).digest();
  for (let i = answers - 1; i > 0; i--) {
    const j = chance.readUInt16BE(2 * i) % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return seat & 1 ? order.reverse() : order;
}
