"use client";

import { lazy, Suspense, useEffect, useState } from "react";
import type { Choice, TaskDto } from "@/lib/annotation/judging/judging-schema";
import type { ScreenDto } from "@/lib/annotation/queues/queue-schema";
import { flagReasons } from "@/spec/flag-reasons";
import { NoteBanner } from "./banners";
import { Dock } from "./dock";
import { besideOf, isWritten, useDrafts } from "./drafts";
import { KeySheet } from "./key-sheet";
import { type Action, actionsOf, bound, placeOf, sayChoice } from "./keys";
import { type Look, PairView } from "./pair-view";
import { TopBar } from "./top-bar";
import { useBindings } from "./use-bindings";
import { usePast } from "./use-past";
import { useTasks } from "./use-tasks";
import { useVote } from "./use-vote";
import { labels, WordsPanel } from "./words";

// Most visits need none of these; those that do fetch them with their first task, or before the last, so that nothing is missed offline.
const loadAspects = () => import("./aspects").then(({ AspectsPanel }) => ({ default: AspectsPanel }));
const loadLesson = () => import("./lesson").then(({ Lesson }) => ({ default: Lesson }));
const loadNothingLeft = () => import("./nothing-left").then(({ NothingLeft }) => ({ default: NothingLeft }));
const loadGuide = () => import("./guide").then(({ Guide }) => ({ default: Guide }));
const loadFlags = () => import("./flags").then(({ Flags }) => ({ default: Flags }));
const AspectsPanel = lazy(loadAspects);
const Flags = lazy(loadFlags);
const Guide = lazy(loadGuide);
const Lesson = lazy(loadLesson);
const NothingLeft = lazy(loadNothingLeft);
const PastBanner = lazy(() => import("./past-banner").then(({ PastBanner }) => ({ default: PastBanner })));
const RankingBar = lazy(() => import("./ranking-bar").then(({ RankingBar }) => ({ default: RankingBar })));

/** What stands open under the votes. */
type Panel = "rationale" | "rewrite" | "aspects" | "flag";

/** The ranking screen: one task, one key. The next ones are already here; votes leave through the outbox. */
export function Ranker({ annotatorId, initial }: { annotatorId: number; initial: ScreenDto }) {
  const { queue, open, fetching, pending, markJudged, undo, refill } = useTasks(initial, annotatorId);
  const past = usePast(queue.id);
  const { bindings, off } = useBindings();
  const [look, setLook] = useState<Look>("rendered");
  const [sheet, setSheet] = useState(false);
  const [guide, setGuide] = useState(false);
  const [said, setSaid] = useState({ text: "", at: 0 });
  const [panel, setPanel] = useState<Panel | null>(null);
  const [taught, setTaught] = useState<{ task: TaskDto; choice: Choice } | null>(null);

  const task = past.vote?.task ?? taught?.task ?? open[0];
  const { beside, write, forget } = useDrafts(`${annotatorId}/${queue.id}`, task, past.vote ?? task?.said ?? null);
  const setBeside = (next: typeof beside) => task && write(task, next);
  const vote = useVote(task);
  const rated = queue.aspects.length > 0;
  useEffect(() => {
    if (rated) void loadAspects();
    if (queue.training > 0) void loadLesson();
  }, [rated, queue.training]);
  const isNearEnd = open.length <= 3;
  useEffect(() => {
    if (isNearEnd) void loadNothingLeft();
  }, [isNearEnd]);
  const answers = task?.answers.length ?? 2;
  const mode = answers > 2 ? "ranking" : queue.mode;
  const actions = bound(
    actionsOf(mode).filter(({ id }) => id !== "aspects" || (rated && mode !== "ranking")),
    bindings,
  ).map((action) => ({ ...action, shift: mode === "ranking" && placeOf(action.key) < answers }));

  const tell = (text: string) => setSaid({ text, at: Date.now() });
  const judge = (choice: Choice) => {
    if (!task || taught) return;
    for (const load of [loadGuide, loadFlags]) void load(); // wanted at most later: the first vote fetches them
    vote(task, choice, beside);
    forget(task);
    setPanel(null);
    tell(sayChoice(choice));
    if (past.vote) return past.changed({ choice, ...beside });
    markJudged(task);
    if (task.lesson) setTaught({ task, choice });
  };
  const takeBack = async () => {
    past.leave();
    setTaught(null);
    const undone = await undo();
    if (!undone) return;
    setPanel(null);
    const back = besideOf(undone);
    if (isWritten(back)) write(undone.task, back);
    else forget(undone.task);
    tell(`Undone: ${sayChoice(undone.choice)}`);
  };
  const walk = (step: () => void) => {
    setPanel(null);
    setTaught(null);
    step();
  };
  const toggle = (wanted: Look) => setLook((now) => (now === wanted ? "rendered" : wanted));
  const act = ({ id, choice }: Action) => {
    if (choice) return judge(choice);
    if (id === "flag" || id === "rationale" || id === "rewrite" || id === "aspects") return setPanel(id);
    if (id === "undo") return void takeBack();
    if (id === "back") return walk(() => void past.back());
    if (id === "forward") return walk(past.forward);
    if (id === "diff" || id === "raw") return toggle(id);
    if (id === "guide") return setGuide((now) => !now);
    if (id === "sheet") return setSheet(true);
  };

  const press = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (event.repeat || event.altKey || target.closest("input, textarea, select, dialog")) return;
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key !== "z") return;
    if (off && !event.ctrlKey && !event.metaKey) return;
    if (taught && key === "enter") return setTaught(null);
    if (panel === "flag") {
      const reason = flagReasons[Number(key) - 1];
      if (reason) return judge({ kind: "flag", reason });
      if (key === "escape") return setPanel(null);
    }
    if (panel === "aspects") return; // its digits are no votes
    const action = actions.find((one) => one.key === key);
    if (!action) return;
    event.preventDefault(); // no arrow scrolls, no letter is part of what is written next
    act(action);
  };
  useEffect(() => {
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });

  const done = Math.min(queue.progress.total, queue.progress.judged + pending);
  const written = (["rationale", "rewrite"] as const).filter((field) => beside[field] !== "");
  return (
    <div className="flex min-h-[calc(100dvh-5rem)] flex-col md:min-h-dvh">
      <TopBar queue={queue} done={done} said={said} guide={guide} onGuide={() => setGuide((now) => !now)}>
        <KeySheet actions={actions} open={sheet} onOpenChange={setSheet} />
      </TopBar>
      {guide && (
        <Suspense>
          <Guide queue={queue} />
        </Suspense>
      )}
      {past.vote && (
        <Suspense>
          <PastBanner vote={past.vote} ago={past.ago} onLeave={() => walk(past.leave)} />
        </Suspense>
      )}
      {task?.note && <NoteBanner note={task.note} />}
      {taught && (
        <Suspense>
          <Lesson queueId={queue.id} {...taught} onGo={() => setTaught(null)} />
        </Suspense>
      )}
      {task ? (
        <>
          <PairView task={task} look={look} about={queue.about} />
          <Dock
            actions={actions}
            act={act}
            pressed={[look]}
            disabled={queue.progress.canUndo || pending > 0 ? [] : ["undo", "back"]}
            written={[...written, ...(Object.keys(beside.aspects).length > 0 ? ["aspects"] : [])]}
            ranking={
              mode === "ranking" ? (
                <Suspense>
                  <RankingBar
                    key={task.key}
                    answers={answers}
                    off={off || taught !== null || panel === "flag"}
                    onRank={(tiers) => judge({ kind: "ranking", tiers })}
                  />
                </Suspense>
              ) : undefined
            }
          >
            {panel === "flag" && (
              <Suspense>
                <Flags onFlag={(reason) => judge({ kind: "flag", reason })} onCancel={() => setPanel(null)} />
              </Suspense>
            )}
            {panel === "aspects" && (
              <Suspense>
                <AspectsPanel
                  aspects={queue.aspects}
                  ratings={beside.aspects}
                  onRate={(aspects) => setBeside({ ...beside, aspects })}
                  onClose={() => setPanel(null)}
                />
              </Suspense>
            )}
            {(panel === "rationale" || panel === "rewrite") && (
              <WordsPanel
                words={beside}
                open={panel}
                answers={task.answers}
                onWrite={(words) => setBeside({ ...beside, ...words })}
                onClose={() => setPanel(null)}
              />
            )}
            {written.map(
              (field) =>
                field !== panel && (
                  <p key={field} className="mt-1 truncate text-soft text-xs">
                    {labels[field]}: {beside[field]}
                  </p>
                ),
            )}
          </Dock>
        </>
      ) : (
        <Suspense>
          <NothingLeft
            queue={queue}
            fetching={fetching || pending > 0}
            onLook={() => void refill()}
            onUndo={() => void takeBack()}
          />
        </Suspense>
      )}
    </div>
  );
}
