// Parts of the annotation screen that most visits do not need at once. Each is fetched when it is first shown, or before that where it would be
// missed offline. One that does not arrive says so in its place; votes go on.
import { type ComponentType, createElement, type ReactNode, Suspense } from "react";
import { lazily } from "../../../ui/lazily";
import { NotLoaded } from "./not-loaded";

/** Waits for itself alone, so that what is shown already stays. */
function part<Props extends object>(load: () => Promise<ComponentType<Props>>, missing: () => ReactNode = NotLoaded) {
  const Part: ComponentType<Props> = lazily(load, missing);
  return (props: Props) => <Suspense>{createElement(Part, props)}</Suspense>;
}

const loadCriteria = () => import("./criteria").then(({ CriteriaPanel }) => CriteriaPanel);
const loadPracticeFeedback = () => import("./practice-feedback").then(({ PracticeFeedback }) => PracticeFeedback);
const loadNothingLeft = () => import("./nothing-left").then(({ NothingLeft }) => NothingLeft);
const loadGuide = () => import("./guide").then(({ Guide }) => Guide);
const loadFlags = () => import("./flags").then(({ Flags }) => Flags);
const loadTags = () => import("./reason-tags").then(({ ReasonTags }) => ReasonTags);
const loadTabs = () => import("./panel-tabs").then(({ PanelTabs }) => PanelTabs);
const loadBanners = () => import("./banners");
const loadWritten = () => import("./written").then(({ Written }) => Written);
export const loadSheets = () => import("./sheets");

export const CriteriaPanel = part(loadCriteria);
export const PracticeFeedback = part(loadPracticeFeedback);
export const NothingLeft = part(loadNothingLeft);
export const Guide = part(loadGuide);
export const Flags = part(loadFlags);
export const ReasonTags = part(loadTags);
export const PanelTabs = part(loadTabs, () => null); // the panel under the tabs speaks for both
export const TaskBanner = part(() => loadBanners().then(({ TaskBanner }) => TaskBanner));
export const HistoryBanner = part(() => loadBanners().then(({ HistoryBanner }) => HistoryBanner));
export const Written = part(loadWritten, () => null);
export const KeySheet = part(() => loadSheets().then(({ KeySheet }) => KeySheet));
export const MoreSheet = part(() => loadSheets().then(({ MoreSheet }) => MoreSheet));
export const NotSaved = part(() => import("./not-saved").then(({ NotSaved }) => NotSaved));
export const PastVotes = part(() => import("./past-votes").then(({ PastVotes }) => PastVotes));
export const Comments = part(() => import("../../../_comments/comments").then(({ Comments }) => Comments));
export const NewGuidelines = part(() => import("./new-guidelines").then(({ NewGuidelines }) => NewGuidelines));
export const OwnWork = part(
  () => import("../../_components/own-work").then(({ OwnWork }) => OwnWork),
  () => null,
);
export const SingleBar = part(() => import("./single-bar").then(({ SingleBar }) => SingleBar));
export const RankingBar = part(() => import("./ranking-bar").then(({ RankingBar }) => RankingBar));

interface Needed {
  voted: boolean;
  rated: boolean;
  tagged: boolean;
  practising: boolean;
  nearEnd: boolean;
}

/** Fetches what will be needed, before it is. */
export function fetchAhead({ voted, rated, tagged, practising, nearEnd }: Needed): void {
  const needed: (() => Promise<unknown>)[] = [
    ...(rated ? [loadCriteria] : []),
    ...(tagged ? [loadTags] : []),
    ...(practising ? [loadPracticeFeedback] : []),
    ...(nearEnd ? [loadNothingLeft] : []),
    ...(voted ? [loadGuide, loadFlags, loadTabs, loadBanners, loadWritten] : []),
  ];
  for (const load of needed) load().catch(() => undefined); // asked for again when it is shown
}
