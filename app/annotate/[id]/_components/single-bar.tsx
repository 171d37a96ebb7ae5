import { Check, X } from "lucide-react";
import { useTranslate } from "@/app/_messages/use-translate";
import type { Choice } from "@/lib/annotation/judging/judging-schema";
import { Key } from "../../../ui/buttons";
import { type Action, isSameChoice, keySign, once } from "./keys";

interface Props {
  actions: Action[];
  act: (action: Action) => void;
  /** The vote that stands, or was undone last: outlined. */
  given: Choice | null;
}

const looks = {
  good: { Icon: Check, colours: "border-good/40 text-good hover:border-good" },
  bad: { Icon: X, colours: "border-bad/40 text-bad hover:border-bad" },
};

/** The two votes on one answer, each with its key. */
export function SingleBar({ actions, act, given }: Props) {
  const t = useTranslate();
  return (
    <fieldset className="flex max-w-xl gap-1.5">
      <legend className="sr-only">{t("screen.isGood")}</legend>
      {actions.map((action) => {
        const kind = action.choice?.kind;
        if (kind !== "good" && kind !== "bad") return null;
        const { Icon, colours } = looks[kind];
        return (
          <button
            key={action.id}
            type="button"
            aria-keyshortcuts={action.key}
            aria-current={isSameChoice(action.choice, given) ? "true" : undefined}
            onClick={once(() => act(action))}
            className={`flex min-h-14 flex-1 items-center justify-center gap-1.5 rounded-md border bg-surface font-medium text-sm transition-colors aria-current:outline-2 aria-current:outline-accent md:min-h-11 ${colours}`}
          >
            <span aria-hidden className="max-md:hidden">
              <Key>{keySign(action.key, t)}</Key>
            </span>
            <Icon size={16} aria-hidden />
            {action.label}
          </button>
        );
      })}
    </fieldset>
  );
}
