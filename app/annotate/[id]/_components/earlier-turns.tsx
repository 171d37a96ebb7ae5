import { useTranslate } from "@/app/_messages/use-translate";
import type { TaskDto } from "@/lib/annotation/judging/judging-schema";
import { Prose } from "../../../ui/prose";

/** The conversation before the prompt. */
export function EarlierTurns({ turns }: { turns: TaskDto["prompt"] }) {
  const t = useTranslate();
  return (
    <details className="mb-2 text-soft">
      <summary>{t("screen.earlier", { count: turns.length })}</summary>
      <h3 className="sr-only">{t("screen.earlierTurns")}</h3>
      {turns.map(({ role, html }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: turns have no identity but their place
        <div key={i} className="mt-2 border-s-2 ps-3">
          <p className="font-medium text-xs">{t("screen.role", { role })}</p>
          <Prose html={html} />
        </div>
      ))}
    </details>
  );
}
