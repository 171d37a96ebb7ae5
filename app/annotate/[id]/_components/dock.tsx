import type { ComponentProps, ReactNode } from "react";
import { useTranslate } from "@/app/_messages/use-translate";
import { PhoneVotes } from "./phone-votes";
import { VoteBar } from "./vote-bar";

interface DockProps extends ComponentProps<typeof VoteBar> {
  /** The last vote or undo, shown for a moment, and what takes it back. */
  said: { text: string; at: number; isVote: boolean };
  onUndo: () => void;
  /** The record: a side that was tapped on a phone is not kept for the next. */
  record: string;
  /** Shown in place of the votes on a pair: a ranking's letters, or good and bad. */
  votes: ReactNode;
  /** What is shown under the votes. */
  children: ReactNode;
}

/** The votes under the answers, at the bottom of the window where those are longer; above them what was said last. */
export function Dock({ said, onUndo, record, votes, children, ...bar }: DockProps) {
  const t = useTranslate();
  return (
    <div className="sticky bottom-0 z-20 border-t bg-canvas py-2">
      <div
        role="status"
        className="-translate-y-full pointer-events-none absolute inset-x-0 top-0 flex justify-center pb-2"
      >
        {said.text !== "" && (
          <span
            key={said.at}
            className="brief pointer-events-auto flex min-h-8 items-center gap-2 rounded-full border bg-surface px-3 shadow-sm"
          >
            <span className="font-medium">{said.text}</span>
            {said.isVote && (
              <button type="button" onClick={onUndo} className="min-h-8 underline">
                {t("vote.undo")}
              </button>
            )}
          </span>
        )}
      </div>
      <div className="mx-auto max-w-6xl px-3 md:px-4">
        <div className={votes ? "flex items-center gap-2" : ""}>
          {votes && <div className="min-w-0 flex-1">{votes}</div>}
          <VoteBar {...bar} />
          <PhoneVotes key={record} {...bar} />
        </div>
        {children}
      </div>
    </div>
  );
}
