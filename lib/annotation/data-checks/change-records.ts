// What people do to records of a dataset that is annotated: leave out, take in again, mask, edit, and take back what was done. Each time that
// is a version of its own, with who and why. Verdicts stay as they are; exports and runs have the texts as they are now, and of votes the
// words as they were masked.
import { isDeepStrictEqual } from "node:util";
import { groupBy } from "../../../common/group-by";
import { turns } from "../../../common/turns";
import { AppError } from "../../../spec/errors";
import type { RowChangeInput, RowsChanged } from "../../data-checks/changes-schema";
import { rowsFound, withdrawFindings } from "../../data-checks/kept-findings";
import { maskedRecord } from "../../data-checks/mask-row";
import { withText } from "../../data-checks/row-texts-at";
import type { Queue } from "../../db/tables/queues";
import type { Watch } from "../../watch";
import { sampleRow } from "../items/items";
import { atOnce, type Batch, storeVersion } from "./growing-version";
import { moved } from "./moved-records";
import {
  changesSeen,
  isUnchanged,
  pairTexts,
  type RecordTexts,
  recordsAt,
  type StoredRecord,
  writeTexts,
} from "./record-texts";
import { undone } from "./undo-version";
import { maskedWords, type VoteWords, wordsOn, writeWords } from "./vote-words";

type Edit = Extract<RowChangeInput, { action: "edit" }>;

/** Records that are so already are left alone; where all are, there is no new version. */
export async function changeRecords(
  queue: Pick<Queue, "id" | "name">,
  change: RowChangeInput,
  annotatorId: number,
  now: number,
  watch: Watch = {},
): Promise<RowsChanged> {
  const refused: RowsChanged["refused"] = [];
  const done = await storeVersion(queue.id, change, { annotatorId, now }, workOf(), watch);
  if (change.action === "edit" && refused[0]) throw new AppError(400, `Record ${change.row} ${refused[0].reason}.`);
  return { number: done.number, changed: done.changed, refused };

  function workOf() {
    switch (change.action) {
      case "undo":
        return undone(queue.id, change.version, annotatorId, now);
      case "exclude":
      case "include": {
        const ids = idsOf(queue, change.of);
        const batches = moved(ids, change.action === "exclude", change.reason, annotatorId, now);
        return { total: ids.length, batches };
      }
      case "mask": {
        const ids = idsOf(queue, change.of);
        return { total: ids.length, batches: rewritten(queue.id, ids, masked, refused, now) };
      }
      case "edit": {
        const next = ({ texts }: StoredRecord): Next => ({ texts: unlike(edited(texts, change), texts), words: [] });
        return { total: 1, batches: rewritten(queue.id, [change.row], next, refused, now) };
      }
    }
  }
}

function idsOf(queue: Pick<Queue, "id" | "name">, of: { check: string } | { rows: number[] }): number[] {
  if ("rows" in of) return of.rows;
  const ids = rowsFound({ kind: "queue", id: queue.id }, of.check);
  if (ids.length === 0)
    throw new AppError(404, `No record of ${queue.name} was found by this check; run the checks again.`);
  return ids;
}

/** What a record, and words of votes on it, are to become; null where it is so already. */
interface Next {
  texts: RecordTexts | null;
  words: VoteWords[];
}

async function* rewritten(
  queueId: number,
  ids: number[],
  next: (record: StoredRecord, votes: VoteWords[]) => Next,
  refused: RowsChanged["refused"],
  now: number,
): AsyncGenerator<Batch> {
  const turn = turns();
  for (let from = 0; from < ids.length; from += atOnce) {
    const batch = ids.slice(from, from + atOnce);
    const seen = changesSeen();
    const planned: { record: StoredRecord; next: Next }[] = [];
    const records = recordsAt(batch);
    const words = groupBy(wordsOn(records.map(({ id }) => id)), ({ itemId }) => itemId);
    for (const record of records) {
      await turn();
      try {
        const made = next(record, words.get(record.id) ?? []);
        if (made.texts !== null || made.words.length > 0) planned.push({ record, next: made });
      } catch (error) {
        refused.push({ row: record.id, reason: (error as Error).message });
      }
    }
    withdrawFindings(
      { kind: "queue", id: queueId },
      planned.map(({ record }) => record.id),
    );
    yield { of: batch.length, write: (number) => ({ changed: written(planned, seen, number), included: 0 }) };
  }

  function written(planned: { record: StoredRecord; next: Next }[], seen: number, number: number): number {
    const isSame = changesSeen() === seen;
    const still = planned.filter(({ record }) => isSame || isUnchanged(record));
    for (const { record } of planned.filter((one) => !still.includes(one)))
      refused.push({ row: record.id, reason: "was changed by somebody else meanwhile; look at it and try again" });
    const texts = still.flatMap(({ record, next }) =>
      next.texts === null ? [] : pairTexts(next.texts).map((pair, i) => ({ ...pair, id: record.pairs[i]!.id })),
    );
    writeTexts(texts, number, now);
    for (const { next } of still) for (const vote of next.words) writeWords(vote, number);
    return still.length;
  }
}

function edited(record: RecordTexts, { texts }: Edit): RecordTexts {
  let made: unknown = record;
  for (const { at, text } of texts) made = withText(made, at, text);
  return checked(made, record);
}

function masked({ texts }: StoredRecord, votes: VoteWords[]): Next {
  const made = maskedRecord(texts);
  return { texts: made === null ? null : unlike(checked(made, texts), texts), words: maskedWords(votes) };
}

const unlike = (made: RecordTexts, texts: RecordTexts): RecordTexts | null =>
  isDeepStrictEqual(made, texts) ? null : made;

/** As an import would take it, with as many answers as before, of which none has become another. */
function checked(made: unknown, { answers }: RecordTexts): RecordTexts {
  const read = sampleRow.safeParse({ ...(made as object), source: "" });
  if (!read.success) throw new Error("has an answer without text; write one, or exclude the record");
  const { data } = read;
  if (new Set(data.answers).size < new Set(answers).size)
    throw new Error("has two answers that are the same then; exclude it, or edit it otherwise");
  return { prompt: data.prompt as RecordTexts["prompt"], answers: data.answers };
}
