// How a version of a dataset is told.
import type { VersionDto } from "@/lib/data-checks/changes-schema";

const did: Record<VersionDto["action"], string> = {
  exclude: "excluded",
  include: "included",
  mask: "masked",
  edit: "edited",
  undo: "brought back",
};

/** "12 rows excluded (Duplicates)" */
export const versionWords = ({ action, changed, reason }: VersionDto, [one, many]: [string, string]): string =>
  `${changed.toLocaleString("en")} ${changed === 1 ? one : many} ${did[action]} (${reason})`;
