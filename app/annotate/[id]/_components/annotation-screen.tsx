"use client";

import { useEffect, useState } from "react";
import { useTranslate } from "@/app/_messages/use-translate";
import type { Choice, TaskDto } from "@/lib/annotation/judging/judging-schema";
import type { ScreenDto } from "@/lib/annotation/queues/queue-schema";
import { say } from "../../../ui/toast";
import { Dock } from "./dock";
import { detailsOf, hasDetails, useDrafts } from "./drafts";
import { pressEarlyKeys } from "./early-keys";
import { isNumbered } from "./is-numbered";
import { type Action, actionsOf, bound, placeOf, sayChoice } from "./keys";
import {
  Guide,
  HistoryBanner,
  KeySheet,
  loadParts,
  MoreSheet,
  NewGuidelines,
  NothingLeft,
  OtherVotes,
  OwnWork,
  PracticeFeedback,
  Steps,
  TaskBanner,
} from "./later";
import { type Look, PairView } from "./pair-view";
import { isPanel, type Panel, SidePanel } from "./side-panel";
import { TopBar } from "./top-bar";
import { useAddress } from "./use-address";
import { useBindings } from "./use-bindings";
import { useVoteHistory } from "./use-history";
import { useScreenKeys } from "./use-screen-keys";
import { useTasks } from "./use-tasks";
import { useVote } from "./use-vote";

const nothingSaid = { text: "", at: 0, isVote: false };

/** The annotation screen: one record, one key. The next ones are already here; votes leave through the outbox. */
export function AnnotationScreen({ annotatorId, initial }: { annotatorId: number; initial: ScreenDto }) {
  const t = useTranslate();
  const tasks = useTasks(initial, annotatorId);
  const { queue, open, paceMs, problem, fetching, pending, markJudged, undo, refill } = tasks;
  const history = useVoteHistory(queue.id);
  const { bindings, off } = useBindings();
  const [look, setLook] = useState<Look>("rendered");
  const [dialog, setDialog] = useState<"sheet" | "more" | null>(null);
  const [guide, setGuide] = useState(false);
  const [said, setSaid] = useState(nothingSaid);
  const [panel, setPanel] = useState<Panel | null>(null);
  const [practised, setPractised] = useState<{ task: TaskDto; choice: Choice } | null>(null);
  const [undone, setUndone] = useState<{ key: string; choice: Choice } | null>(null);

  const unread = practised ? null : tasks.unread;
  const task = unread ? undefined : (history.vote?.task ?? practised?.task ?? open[0]);
  const earlier = history.vote ?? task?.said ?? null;
  const { details, write, forget } = useDrafts(`${annotatorId}/${queue.id}`, task, earlier);
  const setDetails = (next: typeof details) => task && write(task, next);
  const vote = useVote(task, queue.guidelinesVersion);
  const shownNumber = isNumbered(queue) ? task?.id : undefined;
  useAddress(shownNumber);
  const rated = queue.aspects.length > 0;
  const needed = said.isVote || rated || queue.reasonTags.length > 0 || queue.training > 0 || open.length <= 3;
  useEffect(() => {
    if (needed) loadParts().catch(() => undefined); // asked for again when one is shown
  }, [needed]);
  const answers = task?.answers.length ?? 2;
  const mode = answers > 2 ? "ranking" : queue.mode;
  const actions = bound(
    actionsOf(mode, t, task?.steps?.length).filter(({ id }) => id !== "aspects" || (rated && mode !== "ranking")),
    bindings,
  ).map((action) => ({ ...action, shift: mode === "ranking" && placeOf(action.key) < answers }));

  const tell = (text: string, isVote: boolean) => setSaid({ text, at: Date.now(), isVote });
  const judge = (choice: Choice) => {
    if (!task || practised) return;
    vote(task, choice, details);
    forget(task);
    setPanel(null);
    setUndone(null);
    tell(sayChoice(choice, t), true);
    if (history.vote) return history.changed({ choice, ...details });
    markJudged(task);
    if (task.lesson) setPractised({ task, choice });
  };
  const takeBack = async () => {
    history.leave();
    setPractised(null);
    const back = await undo();
    if (!back) return;
    setPanel(null);
    setUndone({ key: back.task.key, choice: back.choice });
    const words = detailsOf(back);
    if (hasDetails(words)) write(back.task, words);
    else forget(back.task);
    tell(t("screen.undone", { vote: sayChoice(back.choice, t) }), false);
  };
  const walk = (step: () => void) => {
    setPanel(null);
    setPractised(null);
    step();
  };
  const openDialog = (wanted: "sheet" | "more") =>
    void loadParts().then(
      () => setDialog(wanted),
      () => void say(t("screen.notLoaded")),
    );
  const toggle = (wanted: Look) => setLook((now) => (now === wanted ? "rendered" : wanted));
  const act = ({ id, choice }: Action) => {
    if (choice) return judge(choice);
    if (isPanel(id)) return setPanel(id);
    if (id === "undo") return void takeBack();
    if (id === "back") return walk(() => void history.back());
    if (id === "forward") return walk(history.forward);
    if (id === "diff" || id === "raw") return toggle(id);
    if (id === "guide") return setGuide((now) => !now);
    if (id === "sheet") return openDialog(id);
  };

  const toggleTag = (tag: string) => {
    const { tags } = details;
    setDetails({ ...details, tags: tags.includes(tag) ? tags.filter((one) => one !== tag) : [...tags, tag] });
  };

  const goOn = practised ? () => setPractised(null) : null;
  useScreenKeys({ off, actions, act, judge, panel, setPanel, goOn, tags: queue.reasonTags, toggleTag });
  useEffect(() => {
    if (mode !== "ranking") pressEarlyKeys(1);
  }, [mode]);

  const given = earlier?.choice ?? (undone && undone.key === task?.key ? undone.choice : null);
  const done = Math.min(queue.progress.total, queue.progress.judged + pending);
  const disabled = [
    ...(queue.progress.canUndo || pending > 0 ? [] : ["undo", "back"]),
    ...(history.vote ? [] : ["forward"]),
  ];
  return (
    <div className={panel ? "xl:pe-88 xl:[&>header]:-me-88" : ""}>
      <TopBar {...{ queue, done, actions, act, disabled, guide, paceMs }} record={shownNumber} />
      {queue.work && <OwnWork work={queue.work} pending={pending} className="border-b px-4 py-1.5 text-sm md:px-6" />}
      {guide && <Guide queue={queue} />}
      {history.vote ? (
        <HistoryBanner vote={history.vote} ago={history.ago} onLeave={() => walk(history.leave)} />
      ) : (
        task && (task.note ?? task.said) && <TaskBanner task={task} />
      )}
      {practised && <PracticeFeedback queueId={queue.id} {...practised} onGo={() => setPractised(null)} />}
      {unread ? (
        <NewGuidelines queueId={queue.id} unread={unread} onRead={() => void refill()} />
      ) : task ? (
        <>
          <PairView
            {...{ task, look }}
            record={shownNumber}
            about={queue.about}
            steps={task.steps && <Steps steps={task.steps} raw={look === "raw"} {...{ actions, act, given }} />}
          />
          <Dock
            {...{ actions, act, disabled, said, given }}
            record={task.key}
            written={[
              ...(details.rationale !== "" || details.tags.length > 0 ? ["rationale"] : []),
              ...(details.rewrite === "" ? [] : ["rewrite"]),
              ...(Object.keys(details.aspects).length > 0 ? ["aspects"] : []),
            ]}
            onUndo={() => void takeBack()}
            onMore={() => openDialog("more")}
            votes={
              answers === 2 ? undefined : (
                <OtherVotes
                  key={task.key}
                  {...{ mode, actions, act, given, answers }}
                  off={off || practised !== null || panel === "flag"}
                  onRank={(tiers) => judge({ kind: "ranking", tiers })}
                />
              )
            }
          >
            <SidePanel
              {...{ queue, task, panel, details, actions, act }}
              onLookBack={(votes, at) => walk(() => history.show(votes, at))}
              onWrite={setDetails}
              onTag={toggleTag}
              onFlag={(reason) => judge({ kind: "flag", reason })}
              onClose={() => setPanel(null)}
            />
          </Dock>
        </>
      ) : (
        <NothingLeft
          queue={queue}
          problem={problem}
          fetching={fetching || pending > 0}
          onRefresh={() => void refill()}
          onUndo={() => void takeBack()}
        />
      )}
      {dialog === "sheet" && <KeySheet actions={actions} onClose={() => setDialog(null)} />}
      {dialog === "more" && (
        <MoreSheet
          {...{ actions, act, disabled }}
          hasLink={shownNumber !== undefined}
          onClose={() => setDialog(null)}
        />
      )}
    </div>
  );
}
