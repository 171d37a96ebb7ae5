import { useSyncExternalStore } from "react";
import type { Translate } from "@/app/_messages/translate";
import { useTranslate } from "@/app/_messages/use-translate";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { subscribe } from "../../../ui/browser-store";
import { Key } from "../../../ui/buttons";
import { type Action, keySign } from "./keys";
import { RefusedVotes } from "./later";
import { notSaved, waiting } from "./outbox";

interface Props {
  queue: QueueDto;
  done: number;
  /** The number of the record that is shown; none where it would give away which ones test the annotator. */
  record: number | undefined;
  actions: Action[];
  act: (action: Action) => void;
  disabled: string[];
  guide: boolean;
  /** The annotator's time for a record, where it is known. */
  paceMs: number | null;
}

const quiet =
  "flex min-h-9 items-center gap-1.5 whitespace-nowrap rounded-md px-1.5 hover:bg-raised disabled:opacity-50";

/** The dataset, how far one is, which record this is, and whether all votes are saved. */
export function TopBar({ queue, done, record, actions, act, disabled, guide, paceMs }: Props) {
  const t = useTranslate();
  const unsent = useSyncExternalStore(subscribe, waiting, () => 0);
  const refused = useSyncExternalStore(subscribe, notSaved, () => 0);
  const { total } = queue.progress;
  const button = (id: string, look: string, text?: string) => {
    const action = actions.find((one) => one.id === id);
    return (
      action && (
        <button
          type="button"
          aria-label={text && action.label}
          aria-keyshortcuts={action.key}
          aria-expanded={id === "guide" ? guide : undefined}
          aria-haspopup={id === "sheet" ? "dialog" : undefined}
          disabled={disabled.includes(id)}
          onClick={() => act(action)}
          className={`${quiet} ${look}`}
        >
          {text ?? (
            <>
              <Key>{keySign(action.key, t)}</Key> {action.label}
            </>
          )}
        </button>
      )
    );
  };
  return (
    <header className="sticky top-0 z-20 flex h-12 items-center gap-x-3 border-b bg-canvas px-2 md:px-4">
      <a href="/annotate" aria-label={t("screen.allDatasets")} className={quiet}>
        <span className="rtl:-scale-x-100">←</span>
      </a>
      <h1 dir="auto" className="min-w-0 truncate text-sm">
        {queue.name}
      </h1>
      <span className="numbers whitespace-nowrap text-soft">
        {done} / {total}
      </span>
      <span aria-hidden className="h-1.5 w-24 overflow-hidden rounded-full bg-raised max-lg:hidden">
        <span className="block h-full bg-accent" style={{ width: `${(100 * done) / Math.max(1, total)}%` }} />
      </span>
      <span className="numbers whitespace-nowrap text-soft max-md:hidden">{timeLeft(t, paceMs, total - done)}</span>
      <span className="numbers flex items-center whitespace-nowrap max-sm:hidden">
        {button("back", "", "‹")}
        {record !== undefined && <span>#{record}</span>}
        {button("forward", "", "›")}
      </span>
      <span className="ms-auto flex items-center gap-2 text-soft">
        <span className="flex items-center gap-1.5 whitespace-nowrap">
          <span aria-hidden className={`size-2 rounded-full ${unsent === 0 ? "bg-good" : "bg-warn"}`} />
          <span className={unsent === 0 ? "max-md:sr-only" : ""}>
            {unsent === 0 ? t("screen.saved") : t("screen.toSend", { count: unsent })}
          </span>
        </span>
        {refused > 0 && <RefusedVotes />}
        {button("undo", "max-md:hidden")}
        {button("guide", "max-lg:hidden")}
        {button("sheet", "max-lg:hidden")}
        <a href={`/annotate/${queue.id}/list`} className={`${quiet} max-sm:hidden`}>
          {t("screen.list")}
        </a>
      </span>
    </header>
  );
}

/** What is left at the annotator's own pace. */
function timeLeft(t: Translate, paceMs: number | null, left: number): string {
  if (paceMs === null || left <= 0) return "";
  const minutes = Math.ceil((left * paceMs) / 60_000);
  return minutes < 90 ? t("screen.minutes", { minutes }) : t("screen.hours", { hours: minutes / 60 });
}
