import { useTranslate } from "@/app/_messages/use-translate";
import { rich } from "@/app/ui/rich";
import type { Choice, TaskDto } from "@/lib/annotation/judging/judging-schema";
import { Key } from "../../../ui/buttons";
import { Prose } from "../../../ui/prose";
import { type Action, isSameChoice, keySign, once } from "./keys";

interface Props {
  /** Those that name a step vote for it; none where nobody is to vote. */
  actions?: Action[];
  act?: (action: Action) => void;
  /** The vote that stands, or was undone last: outlined. */
  given?: Choice | null;
}

const actionOn = (actions: Action[], step: number) =>
  actions.find(({ choice }) => choice?.kind === "step" && choice.step === step);
const struck = "text-soft line-through";

/** A solution by its steps; the one that is chosen, or pointed at, is struck through with all that follows from it. */
export function Steps({ steps, raw, ...bar }: Props & { steps: NonNullable<TaskDto["steps"]>; raw: boolean }) {
  const t = useTranslate();
  const { given } = bar;
  const wrong = (given?.kind === "step" && given.step) || Number.POSITIVE_INFINITY;
  return (
    <article aria-label={t("screen.answer")} className="isolate min-w-0 rounded-md border border-t-3 bg-surface">
      <ol className="divide-y">
        {steps.map(({ text, html }, i) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: steps stay where they are
            key={i}
            className={`flex gap-3 px-3 py-2 has-[button:hover]:text-soft has-[button:hover]:line-through [li:has(button:hover)~&]:text-soft [li:has(button:hover)~&]:line-through ${i + 1 < wrong ? "" : struck}`}
          >
            <StepButton step={i + 1} {...bar} />
            <div className="min-w-0 flex-1 self-center">
              {raw ? (
                <pre dir="auto" className="whitespace-pre-wrap font-mono text-sm wrap-anywhere">
                  {text}
                </pre>
              ) : (
                <Prose html={html} />
              )}
            </div>
          </li>
        ))}
      </ol>
    </article>
  );
}

function StepButton({ step, actions, act, given = null }: Props & { step: number }) {
  const action = actions && actionOn(actions, step);
  if (!action) return <span className="numbers min-w-6 self-start text-soft">{step}</span>;
  return (
    <button
      type="button"
      aria-keyshortcuts={action.key || undefined}
      aria-label={action.label}
      aria-current={isSameChoice(action.choice, given) ? "true" : undefined}
      onClick={once(() => act?.(action))}
      className="numbers min-h-11 min-w-11 self-start rounded-md border border-bad/40 bg-surface text-bad text-sm hover:border-bad aria-current:outline-2 aria-current:outline-accent"
    >
      {step}
    </button>
  );
}

/** In place of the votes on a pair: that every step is right, and how one that is not is named. */
export function StepsBar({ actions, act, given }: Required<Props>) {
  const t = useTranslate();
  const right = actionOn(actions, 0);
  return (
    <fieldset className="flex items-center gap-3">
      <legend className="sr-only">{t("screen.firstWrong")}</legend>
      {right && (
        <button
          type="button"
          aria-keyshortcuts={right.key}
          aria-current={isSameChoice(right.choice, given) ? "true" : undefined}
          onClick={once(() => act(right))}
          className="flex min-h-14 items-center justify-center gap-1.5 rounded-md border border-good/40 bg-surface px-4 font-medium text-good text-sm hover:border-good aria-current:outline-2 aria-current:outline-accent max-md:flex-1 md:min-h-11"
        >
          <span aria-hidden className="max-md:hidden">
            <Key>{keySign(right.key, t)}</Key>
          </span>
          {right.label}
        </button>
      )}
      <span className="text-soft text-xs max-md:hidden">{rich(t, "screen.firstWrongKeys")}</span>
    </fieldset>
  );
}
