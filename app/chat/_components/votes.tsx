import { useEffect, useEffectEvent } from "react";
import { Button, Key } from "../../ui/buttons";

export type Verdict = "left" | "right" | "tie" | "both_bad";
const verdicts: Record<Verdict, { label: string; key: string }> = {
  left: { label: "A is better", key: "1" },
  right: { label: "B is better", key: "2" },
  tie: { label: "Tie", key: "9" },
  both_bad: { label: "Both bad", key: "0" },
};
const all = Object.keys(verdicts) as Verdict[];

/** The four votes, each with its key. */
export const Votes = ({ disabled, onVote }: { disabled: boolean; onVote: (verdict: Verdict) => void }) => (
  <fieldset disabled={disabled} className="flex flex-wrap gap-2">
    <legend className="sr-only">Your vote</legend>
    {all.map((verdict) => (
      <Button key={verdict} onClick={() => onVote(verdict)}>
        {verdicts[verdict].label}{" "}
        <span aria-hidden="true">
          <Key>{verdicts[verdict].key}</Key>
        </span>
      </Button>
    ))}
  </fieldset>
);

/** 1, 2, 9 and 0 vote while nothing is typed. */
export function useVoteKeys(active: boolean, vote: (verdict: Verdict) => void): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const typing = target.matches("input, select, textarea") && target.id !== "question";
    if (!active || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const found = all.find((verdict) => verdicts[verdict].key === event.key);
    if (found === undefined) return;
    event.preventDefault();
    vote(found);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
