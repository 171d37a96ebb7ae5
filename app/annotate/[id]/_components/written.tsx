import type { VoteDetails } from "./drafts";
import { type Field, labels } from "./text-panel";

interface Props {
  details: VoteDetails;
  /** What is open above, and shown there. */
  but: string | null;
}

/** One line for each text that waits for the vote. */
export const Written = ({ details, but }: Props) => (
  <div className="[@media(max-height:500px)]:hidden">
    {(["rationale", "rewrite"] satisfies Field[])
      .filter((field) => field !== but && details[field] !== "")
      .map((field) => (
        <p key={field} dir="auto" className="mt-1 truncate text-soft text-xs">
          {labels[field]}: {details[field]}
        </p>
      ))}
  </div>
);
