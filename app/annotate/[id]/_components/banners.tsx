// Banners above a record that is more than the next one in line.
import type { PastVoteDto, TaskDto } from "@/lib/annotation/judging/judging-schema";
import { Button, Key } from "../../../ui/buttons";
import { number } from "../../../ui/format";
import { letter, sayChoice } from "./keys";

export const bannerShape = "flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-2 text-sm md:px-6";

/** A record that a reviewer returned, or one that was opened by its address and has the annotator's vote. */
export function TaskBanner({ task: { note, said } }: { task: TaskDto }) {
  if (note !== null)
    return (
      <section aria-label="Returned by a reviewer" className={`${bannerShape} bg-warn/10`}>
        <span>
          <strong>A reviewer asks you to look again:</strong> {note}
        </span>
      </section>
    );
  return (
    said && (
      <section aria-label="Your vote" className={`${bannerShape} bg-accent-wash`}>
        <span>
          Your vote: <strong>{sayChoice(said.choice)}</strong>. Vote again to change it.
        </span>
      </section>
    )
  );
}

/** One of the annotator's own votes, looked at again. It names the models: the vote was given without knowing them. */
export function HistoryBanner({ vote, ago, onLeave }: { vote: PastVoteDto; ago: number; onLeave: () => void }) {
  const { choice, writers, scores } = vote;
  return (
    <section aria-label="Your vote" className={`${bannerShape} bg-accent-wash`}>
      <span>
        {ago === 1 ? "Your last vote" : `Your vote ${ago} records back`}: <strong>{sayChoice(choice)}</strong>. Vote
        again to change it.
      </span>
      {(writers || scores) && (
        <span className="numbers text-soft">
          {vote.task.answers.map((_, place) => (
            <span key={letter(place)} className="mr-3">
              {vote.task.answers.length > 1 && letter(place)}
              {writers && ` by ${writers[place]}`}
              {scores && `, reward ${number(scores[place]!, 2)}`}
            </span>
          ))}
        </span>
      )}
      <span className="ml-auto flex items-center gap-1 text-soft">
        <Key>[</Key> Previous <Key>]</Key> Next
        <Button kind="quiet" onClick={onLeave}>
          Back to annotating
        </Button>
      </span>
    </section>
  );
}
