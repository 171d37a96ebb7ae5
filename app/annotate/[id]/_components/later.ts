// Parts of the annotation screen that most visits do not need at once. Each is fetched when it is first shown, or before that where it would be
// missed offline.
import { lazy } from "react";

const loadCriteria = () => import("./criteria").then(({ CriteriaPanel }) => ({ default: CriteriaPanel }));
const loadPracticeFeedback = () =>
  import("./practice-feedback").then(({ PracticeFeedback }) => ({ default: PracticeFeedback }));
const loadNothingLeft = () => import("./nothing-left").then(({ NothingLeft }) => ({ default: NothingLeft }));
const loadGuide = () => import("./guide").then(({ Guide }) => ({ default: Guide }));
const loadFlags = () => import("./flags").then(({ Flags }) => ({ default: Flags }));
const loadTags = () => import("./reason-tags").then(({ ReasonTags }) => ({ default: ReasonTags }));
const loadTabs = () => import("./panel-tabs").then(({ PanelTabs }) => ({ default: PanelTabs }));

export const CriteriaPanel = lazy(loadCriteria);
export const PracticeFeedback = lazy(loadPracticeFeedback);
export const NothingLeft = lazy(loadNothingLeft);
export const Guide = lazy(loadGuide);
export const Flags = lazy(loadFlags);
export const ReasonTags = lazy(loadTags);
export const PanelTabs = lazy(loadTabs);

export const loadSheet = () => import("./key-sheet").then(({ KeySheet }) => ({ default: KeySheet }));
export const loadMore = () => import("./more-sheet").then(({ MoreSheet }) => ({ default: MoreSheet }));
export const KeySheet = lazy(loadSheet);
export const MoreSheet = lazy(loadMore);

export const PastVotes = lazy(() => import("./past-votes").then(({ PastVotes }) => ({ default: PastVotes })));
export const HistoryBanner = lazy(() =>
  import("./history-banner").then(({ HistoryBanner }) => ({ default: HistoryBanner })),
);
export const RankingBar = lazy(() => import("./ranking-bar").then(({ RankingBar }) => ({ default: RankingBar })));

interface Needed {
  voted: boolean;
  rated: boolean;
  tagged: boolean;
  practising: boolean;
  nearEnd: boolean;
}

/** Fetches what will be needed, before it is. */
export function fetchAhead({ voted, rated, tagged, practising, nearEnd }: Needed): void {
  if (rated) void loadCriteria();
  if (tagged) void loadTags();
  if (practising) void loadPracticeFeedback();
  if (nearEnd) void loadNothingLeft();
  if (voted) for (const load of [loadGuide, loadFlags, loadTabs]) void load();
}
