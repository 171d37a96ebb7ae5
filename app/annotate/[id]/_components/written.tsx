import { useTranslate } from "@/app/_messages/use-translate";
import type { Field, VoteDetails } from "./drafts";

interface Props {
  details: VoteDetails;
  /** What is open above, and shown there. */
  but: string | null;
}

/** One line for each text that waits for the vote. */
export function Written({ details, but }: Props) {
  const t = useTranslate();
  return (
    <div className="[@media(max-height:500px)]:hidden">
      {(["rationale", "rewrite"] satisfies Field[])
        .filter((field) => field !== but && details[field] !== "")
        .map((field) => (
          <p key={field} className="mt-1 truncate text-soft text-xs">
            {t("screen.written", { field: t(`vote.${field}`), text: details[field] })}
          </p>
        ))}
    </div>
  );
}
