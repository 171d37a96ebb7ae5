// Fetched as one: the list of the files of a part is in the JavaScript that the screen begins with.
export { OwnWork } from "../../_components/own-work";
export { HistoryBanner, TaskBanner } from "./banners";
export { CriteriaPanel } from "./criteria";
export { EarlierTurns } from "./earlier-turns";
export { Flags } from "./flags";
export { Guide } from "./guide";
export { NothingLeft } from "./nothing-left";
export { PanelTabs } from "./panel-tabs";
export { PastVotes } from "./past-votes";
export { PracticeFeedback } from "./practice-feedback";
export { ReasonTags } from "./reason-tags";
export { RefusedVotes } from "./refused-votes";
export { KeySheet, MoreSheet } from "./sheets";
export { TextHelp } from "./text-help";
export { Written } from "./written";
