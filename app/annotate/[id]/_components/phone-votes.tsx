import { useState } from "react";
import { useTranslate } from "@/app/_messages/use-translate";
import type { Choice } from "@/lib/annotation/judging/judging-schema";
import { type Action, isSameChoice, once } from "./keys";

interface Props {
  actions: Action[];
  act: (action: Action) => void;
  given: Choice | null;
  onMore: () => void;
}

const looks = {
  left: "border-side-a bg-side-a-wash text-side-a",
  right: "border-side-b bg-side-b-wash text-side-b",
};
const shape =
  "min-h-14 flex-1 rounded-md border font-medium text-sm aria-current:outline-2 aria-current:outline-accent";

/** Votes for thumbs: A or B, then how much better; a dataset without strengths takes the first tap for the vote. */
export function PhoneVotes({ actions, act, given, onMore }: Props) {
  const t = useTranslate();
  const [side, setSide] = useState<"left" | "right" | null>(null);
  const of = (kind: Choice["kind"]) => actions.filter(({ choice }) => choice?.kind === kind);
  const vote = (action: Action, label: string, look = "bg-surface") => (
    <button
      key={action.id}
      type="button"
      aria-label={action.name}
      aria-current={isSameChoice(action.choice, given) ? "true" : undefined}
      onClick={once(() => act(action))}
      className={`${shape} ${look}`}
    >
      {label}
    </button>
  );
  const choose = (kind: "left" | "right", name: string) => {
    const [only, ...more] = of(kind);
    if (only && more.length === 0) return vote(only, name, looks[kind]);
    return (
      <button
        type="button"
        aria-expanded={false}
        aria-current={given?.kind === kind ? "true" : undefined}
        onClick={once(() => setSide(kind))}
        className={`${shape} basis-1/4 text-lg ${looks[kind]}`}
      >
        {name}
      </button>
    );
  };
  if (side)
    return (
      <fieldset className="flex gap-1.5 md:hidden">
        <legend className="sr-only">{t("screen.howMuch", { side: side === "left" ? "A" : "B" })}</legend>
        <button
          type="button"
          aria-label={t("screen.goBack")}
          onClick={() => setSide(null)}
          className={`${shape} max-w-10 bg-surface`}
        >
          ‹
        </button>
        {of(side)
          .toSorted((a, b) => strengthOf(a) - strengthOf(b))
          .map((action) => vote(action, action.label, looks[side]))}
      </fieldset>
    );
  return (
    <div className="flex gap-1.5 md:hidden">
      {of("left").length > 0 && (
        <fieldset className="flex flex-1 gap-1.5">
          <legend className="sr-only">{t("screen.which")}</legend>
          {choose("left", "A")}
          {of("tie").map((action) => vote(action, action.label))}
          {choose("right", "B")}
        </fieldset>
      )}
      <button
        type="button"
        aria-label={t("screen.more")}
        aria-haspopup="dialog"
        onClick={onMore}
        className={`${shape} min-w-12 max-w-12 bg-surface`}
      >
        ⋯
      </button>
    </div>
  );
}

const strengthOf = ({ choice }: Action) => (choice && "strength" in choice ? choice.strength : 0);
