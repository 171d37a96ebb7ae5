import { useTranslate } from "@/app/_messages/use-translate";
import type { PastVoteDto, TaskDto } from "@/lib/annotation/judging/judging-schema";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import type { FlagReason } from "@/spec/flag-reasons";
import { hasDetails, type VoteDetails } from "./drafts";
import type { Action } from "./keys";
import { Comments, CriteriaPanel, Flags, PanelTabs, PastVotes, ReasonTags, Written } from "./later";
import { TextPanel } from "./text-panel";

/** What is open beside the votes. */
export type Panel = "rationale" | "rewrite" | "aspects" | "flag" | "comments" | "votes";
const panels: string[] = ["rationale", "rewrite", "aspects", "flag", "comments", "votes"] satisfies Panel[];
export const isPanel = (id: string): id is Panel => panels.includes(id);

interface Props {
  queue: QueueDto;
  task: TaskDto;
  panel: Panel | null;
  details: VoteDetails;
  actions: Action[];
  act: (action: Action) => void;
  onWrite: (details: VoteDetails) => void;
  onTag: (tag: string) => void;
  onFlag: (reason: FlagReason) => void;
  onLookBack: (votes: PastVoteDto[], at: number) => void;
  onClose: () => void;
}

/** Reason, rewrite, criteria, flag, comments and history: at the right on wide screens, under the votes elsewhere. Closed, it says what is written. */
export function SidePanel(props: Props) {
  const { queue, task, panel, details, actions, act, onWrite, onTag, onFlag, onLookBack, onClose } = props;
  const t = useTranslate();
  const tags = queue.reasonTags.length + details.tags.length > 0 && (
    <ReasonTags tags={queue.reasonTags} chosen={details.tags} onToggle={onTag} />
  );
  const written = hasDetails(details) && <Written details={details} but={panel} />;
  if (!panel)
    return (
      <>
        <div className="max-md:hidden [@media(max-height:500px)]:hidden">{tags}</div>
        {written}
      </>
    );
  return (
    <aside
      aria-label={t("screen.details")}
      className="max-xl:mt-2 xl:fixed xl:top-(--under-bar) xl:end-0 xl:bottom-0 xl:w-88 xl:overflow-y-auto xl:border-s xl:bg-canvas xl:p-3"
    >
      <PanelTabs actions={actions} open={panel} act={act} onClose={onClose} />
      {panel === "rationale" && tags}
      {(panel === "rationale" || panel === "rewrite") && (
        <TextPanel
          words={details}
          open={panel}
          answers={task.answers}
          onWrite={(words) => onWrite({ ...details, ...words })}
          onClose={onClose}
        />
      )}
      {panel === "flag" && <Flags onFlag={onFlag} onCancel={onClose} />}
      {panel === "aspects" && (
        <CriteriaPanel
          aspects={queue.aspects}
          answers={task.answers}
          ratings={details.aspects}
          onRate={(aspects) => onWrite({ ...details, aspects })}
          onClose={onClose}
        />
      )}
      {panel === "comments" && <Comments queueId={queue.id} record={task.id} onClose={onClose} />}
      {panel === "votes" && <PastVotes queue={queue} onLookBack={onLookBack} />}
      {written}
    </aside>
  );
}
