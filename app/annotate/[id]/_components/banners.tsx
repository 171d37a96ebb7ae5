// Banners above a record that is more than the next one in line.

import { useTranslate } from "@/app/_messages/use-translate";
import { rich } from "@/app/ui/rich";
import type { PastVoteDto, TaskDto } from "@/lib/annotation/judging/judging-schema";
import { Button, Key } from "../../../ui/buttons";
import { number } from "../../../ui/format";
import { letter, sayChoice } from "./keys";

export const bannerShape = "flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-2 text-sm md:px-6";

/** A record that a reviewer returned, or one that was opened by its address and has the annotator's vote. */
export function TaskBanner({ task: { note, said } }: { task: TaskDto }) {
  const t = useTranslate();
  if (note !== null)
    return (
      <section aria-label={t("screen.returned")} className={`${bannerShape} bg-warn/10`}>
        <span>
          <strong>{t("screen.lookAgain")}</strong> <bdi>{note}</bdi>
        </span>
      </section>
    );
  return (
    said && (
      <section aria-label={t("screen.yourVote")} className={`${bannerShape} bg-accent-wash`}>
        <span>{rich(t, "screen.voteNow", { vote: sayChoice(said.choice, t) })}</span>
      </section>
    )
  );
}

/** One of the annotator's own votes, looked at again. It names the models: the vote was given without knowing them. */
export function HistoryBanner({ vote, ago, onLeave }: { vote: PastVoteDto; ago: number; onLeave: () => void }) {
  const t = useTranslate();
  const { choice, writers, scores } = vote;
  return (
    <section aria-label={t("screen.yourVote")} className={`${bannerShape} bg-accent-wash`}>
      <span>{rich(t, "screen.voteBefore", { ago, vote: sayChoice(choice, t) })}</span>
      {(writers || scores) && (
        <span className="numbers text-soft">
          {vote.task.answers.map((_, place) => (
            <span key={letter(place)} className="me-3">
              {vote.task.answers.length > 1 && letter(place)}
              {writers && ` ${t("screen.writtenBy", { writer: writers[place] ?? "" })}`}
              {scores && t("screen.reward", { reward: number(scores[place]!, 2) })}
            </span>
          ))}
        </span>
      )}
      <span className="ms-auto flex items-center gap-1 text-soft">
        <Key>[</Key> {t("vote.back")} <Key>]</Key> {t("vote.forward")}
        <Button kind="quiet" onClick={onLeave}>
          {t("screen.backToAnnotating")}
        </Button>
      </span>
    </section>
  );
}
