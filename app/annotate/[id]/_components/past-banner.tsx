import type { PastVoteDto } from "@/lib/annotation/judging/judging-schema";
import { Button, Key } from "../../../ui/buttons";
import { number } from "../../../ui/format";
import { bannerShape } from "./banners";
import { letter, sayChoice } from "./keys";

/** A vote of one's own that is looked at again. Who wrote the answers is told, now that one has said what one thinks. */
export function PastBanner({ vote, ago, onLeave }: { vote: PastVoteDto; ago: number; onLeave: () => void }) {
  const { choice, writers, scores } = vote;
  return (
    <section aria-label="Your vote" className={`${bannerShape} bg-accent-wash`}>
      <span>
        {ago === 1 ? "Your last vote" : `Your vote, ${ago} back`}: <strong>{sayChoice(choice)}</strong>. Vote again to
        change it.
      </span>
      {(writers || scores) && (
        <span className="numbers text-soft">
          {vote.task.answers.map((_, place) => (
            <span key={letter(place)} className="mr-3">
              {letter(place)}
              {writers && ` by ${writers[place]}`}
              {scores && `, reward ${number(scores[place]!, 2)}`}
            </span>
          ))}
        </span>
      )}
      <span className="ml-auto flex items-center gap-1 text-soft">
        <Key>[</Key> before <Key>]</Key> after
        <Button kind="quiet" onClick={onLeave}>
          Back to work
        </Button>
      </span>
    </section>
  );
}
