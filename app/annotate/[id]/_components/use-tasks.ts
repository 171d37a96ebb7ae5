import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { request, send } from "@/app/_client/fetch";
import { useTranslate } from "@/app/_messages/use-translate";
import type { TaskDto, UndoneDto } from "@/lib/annotation/judging/judging-schema";
import type { ScreenDto } from "@/lib/annotation/queues/queue-schema";
import { say, sayError } from "../../../ui/toast";
import { enter, flush, isWaiting, waiting } from "./outbox";

/** More tasks are fetched when fewer than this are left. */
const few = 10;
const retryMs = 3000;

export interface Tasks extends ScreenDto {
  /** Tasks not annotated on this screen yet. */
  open: TaskDto[];
  fetching: boolean;
  /** Annotated tasks that the server's progress does not count yet. */
  pending: number;
  markJudged: (task: TaskDto) => void;
  undo: () => Promise<UndoneDto | null>;
  refill: () => Promise<void>;
}

/** The tasks of a dataset: the next ones are loaded already, and more are fetched before they are needed. */
export function useTasks(initial: ScreenDto, annotatorId: number): Tasks {
  const t = useTranslate();
  const [screen, setScreen] = useState(initial);
  const [judged, setJudged] = useState<ReadonlySet<string>>(new Set());
  const [fetching, setFetching] = useState(false);
  const [failed, setFailed] = useState(false);
  const asked = useRef(0);
  /** Idempotency key of an undo without a response: pressing Z again repeats the same undo. */
  const undoKey = useRef<string | null>(null);
  const { queue, tasks } = screen;
  const open = tasks.filter(({ key }) => !judged.has(key));
  const shown = useRef<TaskDto | undefined>(undefined);
  shown.current = open[0];

  const refill = useCallback(async () => {
    const turn = ++asked.current;
    setFetching(true);
    setFailed(false);
    try {
      await flush();
      if (turn !== asked.current) return; // a later request has newer data
      const next = await request<ScreenDto>(`/api/queues/${queue.id}/tasks`);
      const here = next.tasks.filter((task) => !isWaiting(task));
      const isRead = turn > 1 && !shown.current?.lesson; // what the page opened with may be old; practice ends when the server says so
      if (turn === asked.current) setScreen({ ...next, tasks: firstIn(here, shown.current, isRead) });
    } catch {
      if (turn === asked.current) setFailed(true); // offline: the loaded tasks stay, and the next vote tries again
    } finally {
      if (turn === asked.current) setFetching(false);
    }
  }, [queue.id]);

  const markJudged = useCallback(
    ({ key }: TaskDto) => {
      undoKey.current = null;
      setJudged((before) => new Set(before).add(key));
      if (tasks.filter((task) => task.key !== key && !judged.has(task.key)).length <= few) void refill();
    },
    [tasks, judged, refill],
  );

  const undoOne = useCallback(async () => {
    await flush();
    if (!navigator.onLine || waiting() > 0) {
      void say(t("screen.undoLater"));
      return null;
    }
    try {
      undoKey.current ??= crypto.randomUUID();
      const body = { key: undoKey.current, queueId: queue.id };
      const undone = await send<UndoneDto | null>("POST", "/api/judgements/undo", body);
      undoKey.current = null;
      if (!undone) {
        void say(t("screen.nothingToUndo"));
        return null;
      }
      const { key } = undone.task;
      setScreen((old) => ({ ...old, tasks: [undone.task, ...old.tasks.filter((task) => task.key !== key)] }));
      setJudged((before) => new Set([...before].filter((done) => done !== key)));
      void refill();
      return undone;
    } catch (error) {
      void sayError(error instanceof Error ? error.message : t("screen.undoFailed"));
      return null;
    }
  }, [queue.id, refill, t]);
  const undone = useRef<Promise<unknown>>(Promise.resolve());
  const undo = useCallback(() => {
    const next = undone.current.then(undoOne, undoOne); // pressed thrice at once it takes back three votes
    undone.current = next;
    return next;
  }, [undoOne]);

  // Before the screen hears its first key: a vote is stored as the person's who has entered.
  useLayoutEffect(() => enter(annotatorId), [annotatorId]);
  useEffect(() => {
    // voted on before a reload; the page may be given its first tasks again when some have been voted on since
    setJudged((since) => new Set([...since, ...initial.tasks.filter(isWaiting).map(({ key }) => key)]));
  }, [initial]);
  useEffect(() => void refill(), [refill]); // the page may come from the back/forward cache
  const isStuck = failed && open.length === 0; // no vote will try again
  useEffect(() => {
    if (!isStuck) return;
    const timer = setTimeout(() => void refill(), retryMs);
    return () => clearTimeout(timer);
  }, [isStuck, refill]);
  const counted = ({ mirror, lesson, note, revises }: TaskDto) => !mirror && !lesson && note === null && !revises;
  const pending = tasks.filter((task) => judged.has(task.key) && counted(task)).length;
  return { ...screen, open, fetching, pending, markJudged, undo, refill };
}

/**
 * Keeps the open task first, whatever else is due now. One that is being read, or was opened by its address, stays also where it is not due:
 * in its place another would get the next key.
 */
function firstIn(tasks: TaskDto[], shown: TaskDto | undefined, isRead: boolean): TaskDto[] {
  const due = tasks.find((task) => task.key === shown?.key);
  const first = isRead || shown?.key.endsWith("/asked") ? (due ?? shown) : due;
  return first ? [first, ...tasks.filter((task) => task.id !== first.id || task.mirror !== first.mirror)] : tasks;
}
