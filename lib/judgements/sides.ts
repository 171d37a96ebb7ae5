// Which answer stands left: by the item's own coin, flipped for every second seat (an annotator's slot at the item, or where pairs are not
// assigned their number), so that two raters of an item see opposite sides and a reload changes nothing.
import { createHash } from "node:crypto";

export function shownLeft(seat: number, itemId: number): "first" | "second" {
  const coin = createHash("sha256").update(`side/${itemId}`).digest()[0]! & 1;
  return (coin ^ (seat & 1)) === 0 ? "first" : "second";
}
