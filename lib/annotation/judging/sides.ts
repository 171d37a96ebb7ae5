// Which answer stands left: by the item's own coin, flipped for every second seat (an annotator's slot at the item, or where pairs are not
// assigned their number), so that two raters of an item see opposite sides and a reload changes nothing.
import { createHash } from "node:crypto";

export function shownLeft(seat: number, itemId: number): "first" | "second" {
  const coin = createHash("sha256").update(`side/${itemId}`).digest()[0]! & 1;
  return (coin ^ (seat & 1)) === 0 ? "first" : "second";
}

/** Which answer of a ranking stands at which place: a shuffle of the item's own, backwards for every second seat. */
export function shownOrder(answers: number, seat: number, itemId: number): number[] {
  const order = Array.from({ length: answers }, (_, i) => i);
  const chance = createHash("sha256").update(`order/${itemId}`).digest();
  for (let i = answers - 1; i > 0; i--) {
    const j = chance.readUInt16BE(2 * i) % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return seat & 1 ? order.reverse() : order;
}
