// How a version of a labelled dataset is told.
import type { VersionDto } from "@/lib/datasets/labelled/versions/versions-schema";

const did: Record<VersionDto["action"], string> = {
  exclude: "excluded",
  include: "included",
  mask: "masked",
  edit: "edited",
  undo: "brought back",
};

/** "12 rows excluded (Duplicates)" */
export const versionWords = ({ action, changed, reason }: VersionDto): string =>
  `${changed.toLocaleString("en")} ${changed === 1 ? "row" : "rows"} ${did[action]} (${reason})`;
