import { useTranslate } from "@/app/_messages/use-translate";
import type { Choice } from "@/lib/annotation/judging/judging-schema";
import { Key } from "../../../ui/buttons";
import { type Action, isSameChoice, keySign, once } from "./keys";

interface Props {
  actions: Action[];
  act: (action: Action) => void;
  /** Unavailable actions, and those that hold a draft. */
  disabled: string[];
  written: string[];
  /** The vote that stands, or was undone last: outlined. */
  given: Choice | null;
  onMore: () => void;
}

const sideLook = {
  left: "border-side-a/40 bg-side-a-wash text-side-a hover:border-side-a",
  right: "border-side-b/40 bg-side-b-wash text-side-b hover:border-side-b",
};
const shape =
  "relative flex min-h-11 min-w-9 flex-col items-center justify-center rounded-md border px-1 text-xs transition-colors disabled:opacity-50 aria-current:outline-2 aria-current:outline-accent";
const beside = ["skip", "flag", "rationale", "rewrite", "aspects"];

/** From "A much better" to "B much better" with tie and both bad between, then the rest, in one row; each button shows its key. */
export function VoteBar({ actions, act, disabled, written, given, onMore }: Props) {
  const t = useTranslate();
  const shown = (action: Action) => {
    const kind = action.choice?.kind;
    const isSide = kind === "left" || kind === "right";
    return (
      <button
        key={action.id}
        type="button"
        aria-keyshortcuts={action.key}
        aria-label={action.name}
        aria-current={isSameChoice(action.choice, given) ? "true" : undefined}
        disabled={disabled.includes(action.id)}
        onClick={once(() => act(action))}
        className={`${shape} ${isSide ? `${sideLook[kind]} flex-1` : "bg-surface hover:bg-raised"} ${beside.includes(action.id) ? "max-lg:hidden" : ""}`}
      >
        <Key>
          {action.shift && "⇧ "}
          {keySign(action.key, t)}
        </Key>{" "}
        <span className="whitespace-nowrap">{action.label}</span>
        {written.includes(action.id) && (
          <span className="absolute -top-2.5 end-0 bg-canvas text-accent">{t("screen.draft")}</span>
        )}
      </button>
    );
  };
  const of = (...kinds: (Choice["kind"] | undefined)[]) =>
    actions.filter(({ choice }) => choice && kinds.includes(choice.kind)).map(shown);
  const sides = of("left"); // none where a ranking is asked for
  return (
    <div className="flex items-stretch gap-1 max-md:hidden">
      {sides.length > 0 && (
        <fieldset className="flex min-w-0 flex-1 gap-1">
          <legend className="sr-only">{t("screen.which")}</legend>
          <Side name="A" look="text-side-a" />
          {sides}
          {of("tie", "both_bad")}
          {of("right")}
          <Side name="B" look="text-side-b" />
        </fieldset>
      )}
      <span className="ms-2 flex gap-1">
        {actions.filter(({ id }) => beside.includes(id)).map(shown)}
        <button
          type="button"
          aria-label={t("screen.more")}
          aria-haspopup="dialog"
          onClick={onMore}
          className={`${shape} bg-surface`}
        >
          ⋯
        </button>
      </span>
    </div>
  );
}

const Side = ({ name, look }: { name: string; look: string }) => (
  <span aria-hidden className={`self-center px-1 font-semibold ${look}`}>
    {name}
  </span>
);
