// Banners above a record that is more than the next one in line.
import type { TaskDto } from "@/lib/annotation/judging/judging-schema";
import { sayChoice } from "./keys";

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
