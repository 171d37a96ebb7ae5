// Parts of the annotation screen that most visits do not need at once, fetched when one of them is first shown, or before that where it would be
// missed offline. One that does not arrive says so in its place; votes go on.
import { type ComponentType, createElement, type ReactNode, Suspense } from "react";
import { lazily } from "../../../ui/lazily";
import { NotLoaded } from "./not-loaded";

/** Waits for itself alone, so that what is shown already stays. */
function part<Props extends object>(load: () => Promise<ComponentType<Props>>, missing: () => ReactNode = NotLoaded) {
  const Part: ComponentType<Props> = lazily(load, missing);
  return (props: Props) => <Suspense>{createElement(Part, props)}</Suspense>;
}

export const loadParts = () => import("./parts");
const loadBars = () => import("./bars");
const nothing = () => null;

export const CriteriaPanel = part(() => loadParts().then(({ CriteriaPanel }) => CriteriaPanel));
export const PracticeFeedback = part(() => loadParts().then(({ PracticeFeedback }) => PracticeFeedback));
export const NothingLeft = part(() => loadParts().then(({ NothingLeft }) => NothingLeft));
export const EarlierTurns = part(() => loadParts().then(({ EarlierTurns }) => EarlierTurns));
export const Guide = part(() => loadParts().then(({ Guide }) => Guide));
export const Flags = part(() => loadParts().then(({ Flags }) => Flags));
export const ReasonTags = part(() => loadParts().then(({ ReasonTags }) => ReasonTags));
export const TaskBanner = part(() => loadParts().then(({ TaskBanner }) => TaskBanner));
export const HistoryBanner = part(() => loadParts().then(({ HistoryBanner }) => HistoryBanner));
export const KeySheet = part(() => loadParts().then(({ KeySheet }) => KeySheet));
export const MoreSheet = part(() => loadParts().then(({ MoreSheet }) => MoreSheet));
export const PastVotes = part(() => loadParts().then(({ PastVotes }) => PastVotes));
// What stands beside these speaks for them.
export const PanelTabs = part(() => loadParts().then(({ PanelTabs }) => PanelTabs), nothing);
export const TextHelp = part(() => loadParts().then(({ TextHelp }) => TextHelp), nothing);
export const RefusedVotes = part(() => loadParts().then(({ RefusedVotes }) => RefusedVotes), nothing);
export const Written = part(() => loadParts().then(({ Written }) => Written), nothing);
export const OwnWork = part(() => loadParts().then(({ OwnWork }) => OwnWork), nothing);

export const Steps = part(() => loadBars().then(({ Steps }) => Steps));
export const OtherVotes = part(() => loadBars().then(({ OtherVotes }) => OtherVotes));
export const Comments = part(() => import("../../../_comments/comments").then(({ Comments }) => Comments));
export const NewGuidelines = part(() => import("./new-guidelines").then(({ NewGuidelines }) => NewGuidelines));
