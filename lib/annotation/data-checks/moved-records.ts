// Records left out of a dataset, or taken in again, as batches of a version.
import { exclude } from "./exclude";
import { atOnce, type Batch } from "./growing-version";

/** `ids`: of any of their pairs. */
export async function* moved(
  ids: number[],
  excluded: boolean,
  reason: string,
  annotatorId: number,
  now: number,
): AsyncGenerator<Batch> {
  for (let from = 0; from < ids.length; from += atOnce) {
    const itemIds = ids.slice(from, from + atOnce);
    const write = (number: number) => {
      const pairs = exclude(annotatorId, { itemIds, excluded, reason, number }, now);
      const changed = pairs.filter(({ place }) => place === 0).length;
      return { changed, included: excluded ? -changed : changed };
    };
    yield { of: itemIds.length, write };
  }
}
