import type { VoteDetails } from "./drafts";
import type { Panel } from "./side-panel";
import { labels } from "./text-panel";

interface Props {
  details: VoteDetails;
  /** What is open above, and shown there. */
  but: Panel | null;
}

/** One line for each text that waits for the vote. */
export const Written = ({ details, but }: Props) => (
  <div className="[@media(max-height:500px)]:hidden">
    {(["rationale", "rewrite"] as const)
      .filter((field) => field !== but && details[field] !== "")
      .map((field) => (
        <p key={field} dir="auto" className="mt-1 truncate text-soft text-xs">
          {labels[field]}: {details[field]}
        </p>
      ))}
  </div>
);
