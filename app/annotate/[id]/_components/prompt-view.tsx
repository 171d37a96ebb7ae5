import { useEffect, useRef } from "react";
import { useTranslate } from "@/app/_messages/use-translate";
import type { TaskDto } from "@/lib/annotation/judging/judging-schema";
import { Prose } from "../../../ui/prose";
import { EarlierTurns } from "./later";

/**
 * The prompt, above it the conversation so far. Of a prompt that has scrolled away one line stays at the top of the page: it lies under the
 * prompt and comes to light as the prompt leaves, so that nothing moves.
 */
export function PromptView({ task: { key, prompt } }: { task: TaskDto }) {
  const t = useTranslate();
  const earlier = prompt.slice(0, -1);
  const last = prompt.at(-1);
  const region = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: focus follows the task, so a screen reader starts at the new prompt
  useEffect(() => region.current?.focus({ preventScroll: true }), [key]);
  return (
    <>
      <div aria-hidden className="sticky top-(--under-bar) z-10 h-0">
        <p dir="auto" className="h-(--folded-prompt) truncate border-b bg-canvas px-4 py-1.5 text-soft">
          {last?.content?.slice(0, 300)}
        </p>
      </div>
      <div className="relative z-10 bg-canvas px-4 pt-4 pb-2">
        {earlier.length > 0 && <EarlierTurns turns={earlier} />}
        <section
          ref={region}
          aria-label={t("screen.prompt")}
          tabIndex={-1}
          className="rounded-md border-accent border-s-3 bg-surface px-4 py-3 outline-none"
        >
          <h3 className="sr-only">{t("screen.promptFollows")}</h3>
          <Prose html={last?.html ?? ""} />
        </section>
      </div>
    </>
  );
}
