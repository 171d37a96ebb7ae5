// How run files name a labelled dataset: `labelled:ID`, the import, or `labelled:ID@VERSION`.

export const labelledName = (id: number, version: number): string =>
  version === 1 ? `labelled:${id}` : `labelled:${id}@${version}`;

/** Null where the source is something else; the version is null where none is said. */
export function labelledNamed(source: string): { id: number; version: number | null } | null {
  const [, id, version] = /^labelled:(\d+)(?:@(\d+))?$/.exec(source) ?? [];
  return id === undefined ? null : { id: Number(id), version: version === undefined ? null : Number(version) };
}
