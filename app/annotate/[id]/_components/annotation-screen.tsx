"use client";

import { lazy, Suspense, useEffect, useState } from "react";
import type { Choice, TaskDto } from "@/lib/annotation/judging/judging-schema";
import type { ScreenDto } from "@/lib/annotation/queues/queue-schema";
import { flagReasons } from "@/spec/flag-reasons";
import { NoteBanner } from "./banners";
import { Dock } from "./dock";
import { detailsOf, hasDetails, useDrafts } from "./drafts";
import { KeySheet } from "./key-sheet";
import { type Action, actionsOf, bound, placeOf, sayChoice } from "./keys";
import { type Look, PairView } from "./pair-view";
import { labels, TextPanel } from "./text-panel";
import { TopBar } from "./top-bar";
import { useBindings } from "./use-bindings";
import { useVoteHistory } from "./use-history";
import { useTasks } from "./use-tasks";
import { useVote } from "./use-vote";

// Most visits need none of these; those that do fetch them with their first task, or before the last, so that nothing is missed offline.
const loadCriteria = () => import("./criteria").then(({ CriteriaPanel }) => ({ default: CriteriaPanel }));
const loadPracticeFeedback = () =>
  import("./practice-feedback").then(({ PracticeFeedback }) => ({ default: PracticeFeedback }));
const loadNothingLeft = () => import("./nothing-left").then(({ NothingLeft }) => ({ default: NothingLeft }));
const loadGuide = () => import("./guide").then(({ Guide }) => ({ default: Guide }));
const loadFlags = () => import("./flags").then(({ Flags }) => ({ default: Flags }));
const CriteriaPanel = lazy(loadCriteria);
const Flags = lazy(loadFlags);
const Guide = lazy(loadGuide);
const PracticeFeedback = lazy(loadPracticeFeedback);
const NothingLeft = lazy(loadNothingLeft);
const HistoryBanner = lazy(() => import("./history-banner").then(({ HistoryBanner }) => ({ default: HistoryBanner })));
const RankingBar = lazy(() => import("./ranking-bar").then(({ RankingBar }) => ({ default: RankingBar })));

/** The open panel under the votes. */
type Panel = "rationale" | "rewrite" | "aspects" | "flag";

/** The annotation screen: one record, one key. The next ones are already here; votes leave through the outbox. */
export function AnnotationScreen({ annotatorId, initial }: { annotatorId: number; initial: ScreenDto }) {
  const { queue, open, problem, fetching, pending, markJudged, undo, refill } = useTasks(initial, annotatorId);
  const history = useVoteHistory(queue.id);
  const { bindings, off } = useBindings();
  const [look, setLook] = useState<Look>("rendered");
  const [sheet, setSheet] = useState(false);
  const [guide, setGuide] = useState(false);
  const [said, setSaid] = useState({ text: "", at: 0 });
  const [panel, setPanel] = useState<Panel | null>(null);
  const [practised, setPractised] = useState<{ task: TaskDto; choice: Choice } | null>(null);

  const task = history.vote?.task ?? practised?.task ?? open[0];
  const { details, write, forget } = useDrafts(`${annotatorId}/${queue.id}`, task, history.vote ?? task?.said ?? null);
  const setDetails = (next: typeof details) => task && write(task, next);
  const vote = useVote(task);
  const rated = queue.aspects.length > 0;
  useEffect(() => {
    if (rated) void loadCriteria();
    if (queue.training > 0) void loadPracticeFeedback();
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
    if (!task || practised) return;
    for (const load of [loadGuide, loadFlags]) void load(); // not needed before the first vote
    vote(task, choice, details);
    forget(task);
    setPanel(null);
    tell(sayChoice(choice));
    if (history.vote) return history.changed({ choice, ...details });
    markJudged(task);
    if (task.lesson) setPractised({ task, choice });
  };
  const takeBack = async () => {
    history.leave();
    setPractised(null);
    const undone = await undo();
    if (!undone) return;
    setPanel(null);
    const back = detailsOf(undone);
    if (hasDetails(back)) write(undone.task, back);
    else forget(undone.task);
    tell(`Undone: ${sayChoice(undone.choice)}`);
  };
  const walk = (step: () => void) => {
    setPanel(null);
    setPractised(null);
    step();
  };
  const toggle = (wanted: Look) => setLook((now) => (now === wanted ? "rendered" : wanted));
  const act = ({ id, choice }: Action) => {
    if (choice) return judge(choice);
    if (id === "flag" || id === "rationale" || id === "rewrite" || id === "aspects") return setPanel(id);
    if (id === "undo") return void takeBack();
    if (id === "back") return walk(() => void history.back());
    if (id === "forward") return walk(history.forward);
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
    if (practised && key === "enter") return setPractised(null);
    if (panel === "flag") {
      const reason = flagReasons[Number(key) - 1];
      if (reason) return judge({ kind: "flag", reason });
      if (key === "escape") return setPanel(null);
    }
    if (panel === "aspects") return; // digits rate here instead of voting
    const action = actions.find((one) => one.key === key);
    if (!action) return;
    event.preventDefault(); // arrows must not scroll, and the letter must not be typed into the opened field
    act(action);
  };
  useEffect(() => {
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });

  const done = Math.min(queue.progress.total, queue.progress.judged + pending);
  const written = (["rationale", "rewrite"] as const).filter((field) => details[field] !== "");
  return (
    <div className="flex min-h-dvh flex-col">
      <TopBar queue={queue} done={done} said={said} guide={guide} onGuide={() => setGuide((now) => !now)}>
        <KeySheet actions={actions} open={sheet} onOpenChange={setSheet} />
      </TopBar>
      {guide && (
        <Suspense>
          <Guide queue={queue} />
        </Suspense>
      )}
      {history.vote && (
        <Suspense>
          <HistoryBanner vote={history.vote} ago={history.ago} onLeave={() => walk(history.leave)} />
        </Suspense>
      )}
      {task?.note && <NoteBanner note={task.note} />}
      {practised && (
        <Suspense>
          <PracticeFeedback queueId={queue.id} {...practised} onGo={() => setPractised(null)} />
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
            written={[...written, ...(Object.keys(details.aspects).length > 0 ? ["aspects"] : [])]}
            ranking={
              mode === "ranking" ? (
                <Suspense>
                  <RankingBar
                    key={task.key}
                    answers={answers}
                    off={off || practised !== null || panel === "flag"}
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
                <CriteriaPanel
                  aspects={queue.aspects}
                  ratings={details.aspects}
                  onRate={(aspects) => setDetails({ ...details, aspects })}
                  onClose={() => setPanel(null)}
                />
              </Suspense>
            )}
            {(panel === "rationale" || panel === "rewrite") && (
              <TextPanel
                words={details}
                open={panel}
                answers={task.answers}
                onWrite={(words) => setDetails({ ...details, ...words })}
                onClose={() => setPanel(null)}
              />
            )}
            {written.map(
              (field) =>
                field !== panel && (
                  <p key={field} className="mt-1 truncate text-soft text-xs">
                    {labels[field]}: {details[field]}
                  </p>
                ),
            )}
          </Dock>
        </>
      ) : (
        <Suspense>
          <NothingLeft
            queue={queue}
            problem={problem}
            fetching={fetching || pending > 0}
            onRefresh={() => void refill()}
            onUndo={() => void takeBack()}
          />
        </Suspense>
      )}
    </div>
  );
}
