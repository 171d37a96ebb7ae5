// Safe in a browser: the annotator's history shows reasons as well.

/** Why a vote fell as it did: the reasons chosen among the dataset's, then its annotator's own words. */
export const reasonsOf = ({ tags, rationale }: { tags: string[] | null; rationale: string | null }): string[] => [
  ...(tags ?? []),
  ...(rationale === null ? [] : [rationale]),
];
