import { lazy, type ReactNode, Suspense, useState, useSyncExternalStore } from "react";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { Key } from "../../../ui/buttons";
import { subscribe } from "./browser-store";
import { notSaved, waiting } from "./outbox";

const NotSaved = lazy(() => import("./not-saved").then(({ NotSaved }) => ({ default: NotSaved })));

interface Props {
  queue: QueueDto;
  done: number;
  /** The last vote or undo, shown for a moment. */
  said: { text: string; at: number };
  guide: boolean;
  onGuide: () => void;
  children: ReactNode;
}

/** The dataset, the progress, and whether all votes are saved. */
export function TopBar({ queue, done, said, guide, onGuide, children }: Props) {
  const unsent = useSyncExternalStore(subscribe, waiting, () => 0);
  const refused = useSyncExternalStore(subscribe, notSaved, () => 0);
  const [list, setList] = useState(false);
  return (
    <header className="sticky top-0 z-20 flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 border-b bg-canvas px-4 py-2">
      <a
        href="/annotate"
        aria-label="All datasets"
        title="All datasets"
        className="-mx-1 px-1 text-soft hover:text-ink"
      >
        ←
      </a>
      <h1 className="text-sm">{queue.name}</h1>
      <span className="numbers text-soft">
        {done} / {queue.progress.total}
      </span>
      <span aria-live="polite">
        <span key={said.at} className="brief font-medium">
          {said.text}
        </span>
      </span>
      <span className="ml-auto flex items-center gap-3 text-soft">
        <span className="flex items-center gap-1.5">
          <span aria-hidden className={`size-2 rounded-full ${unsent === 0 ? "bg-good" : "bg-warn"}`} />
          {unsent === 0 ? "Saved" : `${unsent} to send`}
        </span>
        {refused > 0 && (
          <button type="button" onClick={() => setList(true)} className="text-bad underline">
            {refused} not saved
          </button>
        )}
        {list && refused > 0 && (
          <Suspense>
            <NotSaved onClose={() => setList(false)} />
          </Suspense>
        )}
        <button
          type="button"
          aria-expanded={guide}
          onClick={onGuide}
          className="flex items-center gap-1.5 rounded-md px-1.5 py-1 hover:bg-raised"
        >
          <Key>G</Key> Guidelines
        </button>
        {children}
      </span>
    </header>
  );
}
