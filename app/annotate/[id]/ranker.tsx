"use client";

import { lazy, Suspense, useEffect, useState } from "react";
import { flagReasons } from "@/lib/judgements/flags";
import type { Choice, TaskDto } from "@/lib/judgements/schema";
import type { ScreenDto } from "@/lib/queues/schema";
import { NoteBanner } from "./banners";
import { Dock } from "./dock";
import { Flags } from "./flags";
import { Guide } from "./guide";
import { KeySheet } from "./key-sheet";
import { type Action, actionsOf, bound, placeOf, sayChoice } from "./keys";
import { NothingLeft } from "./nothing-left";
import { type Look, PairView } from "./pair-view";
import { TopBar } from "./top-bar";
import { useBindings } from "./use-bindings";
import { usePast } from "./use-past";
import { useTasks } from "./use-tasks";
import { nothingBeside, useVote } from "./use-vote";
import { type Field, WordsPanel } from "./words";

// Most queues need none of these; those that do fetch them with their first task, so that nothing is missed offline.
const loadAspects = () => import("./aspects").then(({ AspectsPanel }) => ({ default: AspectsPanel }));
const loadLesson = () => import("./lesson").then(({ Lesson }) => ({ default: Lesson }));
const AspectsPanel = lazy(loadAspects);
const Lesson = lazy(loadLesson);
const PastBanner = lazy(() => import("./past-banner").then(({ PastBanner }) => ({ default: PastBanner })));
const RankingBar = lazy(() => import("./ranking-bar").then(({ RankingBar }) => ({ default: RankingBar })));

/** What stands open under the votes. */
type Panel = "rationale" | "rewrite" | "aspects" | "flag";

/** The ranking screen: one task, one key. The next ones are already here; votes leave through the outbox. */
export function Ranker({ initial }: { initial: ScreenDto }) {
  const { queue, open, fetching, pending, markJudged, undo, refill } = useTasks(initial);
  const past = usePast(queue.id);
  const { bindings, off } = useBindings();
  const [look, setLook] = useState<Look>("rendered");
  const [sheet, setSheet] = useState(false);
  const [guide, setGuide] = useState(false);
  const [said, setSaid] = useState("");
  const [beside, setBeside] = useState(nothingBeside);
  const [panel, setPanel] = useState<Panel | null>(null);
  const [taught, setTaught] = useState<{ task: TaskDto; choice: Choice } | null>(null);

  const task = past.vote?.task ?? taught?.task ?? open[0];
  const vote = useVote(task);
  const rated = queue.aspects.length > 0;
  useEffect(() => {
    if (rated) void loadAspects();
    if (queue.training > 0) void loadLesson();
  }, [rated, queue.training]);
  const answers = task?.answers.length ?? 2;
  const mode = answers > 2 ? "ranking" : queue.mode;
  const actions = bound(
    actionsOf(mode).filter(({ id }) => id !== "aspects" || (rated && mode !== "ranking")),
    bindings,
  ).map((action) => ({ ...action, shift: mode === "ranking" && placeOf(action.key) < answers }));

  const clear = () => {
    setBeside(nothingBeside);
    setPanel(null);
  };
  const judge = (choice: Choice) => {
    if (!task || taught) return;
    vote(task, choice, beside);
    clear();
    setSaid(`Saved: ${sayChoice(choice)}.`);
    if (past.vote) return past.changed(choice);
    markJudged(task);
    if (task.lesson) setTaught({ task, choice });
  };
  const takeBack = async () => {
    past.leave();
    setTaught(null);
    const undone = await undo();
    if (!undone) return;
    clear();
    setBeside({ rationale: undone.rationale ?? "", rewrite: undone.rewrite ?? "", aspects: undone.aspects ?? {} });
    setSaid(`Undone: ${sayChoice(undone.choice)}.`);
  };
  const walk = (step: () => void) => {
    clear();
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
  const written = (["rationale", "rewrite"] as string[]).filter((field) => beside[field as Field] !== "");
  return (
    <div className="flex min-h-[calc(100dvh-5rem)] flex-col md:min-h-dvh">
      <TopBar queue={queue} done={done} guide={guide} onGuide={() => setGuide((now) => !now)}>
        <KeySheet actions={actions} open={sheet} onOpenChange={setSheet} />
      </TopBar>
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      {guide && <Guide queue={queue} />}
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
              <Flags onFlag={(reason) => judge({ kind: "flag", reason })} onCancel={() => setPanel(null)} />
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
          </Dock>
        </>
      ) : (
        <NothingLeft
          queue={queue}
          fetching={fetching || pending > 0}
          onLook={() => void refill()}
          onUndo={() => void takeBack()}
        />
      )}
    </div>
  );
}
