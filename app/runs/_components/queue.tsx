import { GripVertical } from "lucide-react";
import { useState } from "react";
import type { RunRow } from "@/lib/runs/run-schema";
import { Button } from "../../ui/buttons";
import { exactDate } from "../../ui/format";
import { Link } from "../../ui/link";
import { MoveInQueue } from "./move-in-queue";
import { Priority } from "./priority";
import { useChangeRuns } from "./use-change-runs";

/** Rows that are shown before somebody asks for more. */
const atOnce = 5;

/** Queued runs in their order, which is changed here. */
export function Queue({ runs }: { runs: RunRow[] }) {
  const change = useChangeRuns();
  const [all, setAll] = useState(false);
  const [drag, setDrag] = useState<Drag | null>(null);
  const queued = runs.filter(({ place }) => place !== null).toSorted((a, b) => a.place! - b.place!);
  if (queued.length === 0) return null;
  return (
    <section aria-label="Queue" className="numbers mb-4 rounded-md border bg-surface py-1">
      <h2 className="px-3 py-1 text-sm">
        Queue <span className="font-normal text-soft">{queued.length}</span>
      </h2>
      <ol>
        {queued.slice(0, all ? queued.length : atOnce).map((run) => (
          <li
            key={run.id}
            onDragOver={(event) => {
              if (drag === null) return;
              event.preventDefault();
              if (drag.over !== run.place) setDrag({ ...drag, over: run.place! });
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (drag && drag.over !== drag.from) change.one(drag.id, { place: drag.over });
              setDrag(null);
            }}
            className={`flex flex-wrap items-center gap-x-3 border-y-2 border-transparent px-3 ${drag ? lineAt(run, drag) : ""}`}
          >
            <Grip
              name={run.name}
              onStart={() => setDrag({ id: run.id, from: run.place!, over: run.place! })}
              onEnd={() => setDrag(null)}
            />
            <span className="w-5 text-right text-soft">{run.place}</span>
            <Link href={`/runs/${run.id}`} className="min-w-0 truncate font-medium hover:underline">
              {run.name}
            </Link>
            <span suppressHydrationWarning className="min-w-0 truncate text-soft text-xs">
              {waitWords(run)}
            </span>
            <span data-needs="write" className="ml-auto flex items-center">
              <Priority
                name={run.name}
                priority={run.priority}
                onChange={(priority) => change.one(run.id, { priority })}
              />
              <MoveInQueue
                name={run.name}
                place={run.place!}
                isLast={run === queued.at(-1)}
                move={(action) => change.one(run.id, { action })}
              />
              <Button
                kind="quiet"
                aria-label={`Cancel ${run.name}`}
                onClick={() => change.one(run.id, { action: "stop" })}
              >
                Cancel
              </Button>
            </span>
          </li>
        ))}
      </ol>
      {!all && queued.length > atOnce && (
        <Button kind="quiet" onClick={() => setAll(true)}>
          Show all {queued.length}
        </Button>
      )}
    </section>
  );
}

/** A run that is dragged from its place, and the place that it is over. */
interface Drag {
  id: string;
  from: number;
  over: number;
}

/** Where the dragged run would come to stand: before this one, or after it. */
const lineAt = ({ id, place }: RunRow, { id: dragged, from, over }: Drag): string => {
  if (id === dragged) return "opacity-50";
  if (place !== over) return "";
  return over < from ? "border-t-accent" : "border-b-accent";
};

/** Dragged with the pointer; the buttons at the end of the row do the same by key. */
const Grip = ({ name, onStart, onEnd }: { name: string; onStart: () => void; onEnd: () => void }) => (
  // biome-ignore lint/a11y/noStaticElementInteractions: keys have the buttons
  <span
    data-needs="write"
    draggable
    title={`Drag ${name} to another place`}
    onDragStart={(event) => {
      event.dataTransfer.effectAllowed = "move";
      onStart();
    }}
    onDragEnd={onEnd}
    className="cursor-grab text-soft"
  >
    <GripVertical size={15} aria-hidden />
  </span>
);

/** What else than its turn a run waits for. */
const waitWords = ({ machine, notBefore, waitsFor }: RunRow): string =>
  [
    ...(machine === null ? [] : [`for ${machine}`]),
    ...(notBefore === null ? [] : [`not before ${exactDate(notBefore)}`]),
    ...(waitsFor.length === 0 ? [] : [`after ${waitsFor.map(({ name }) => name).join(", ")}`]),
  ].join(", ");
