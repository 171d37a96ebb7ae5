// Training sets that a run file names by their number, as the files that trainers read.
import { labelledPath } from "./labelled/labelled-sets";
import { snapshotPath } from "./snapshots/snapshot";

interface WithData {
  data: { train: string | null; eval: string | null };
}

/** The same config with `snapshot:ID` and `labelled:ID` replaced by paths. Throws where such a file is gone or was changed. */
export const withDataFiles = <Config extends WithData>(config: Config): Config => ({
  ...config,
  data: { ...config.data, train: dataFile(config.data.train), eval: dataFile(config.data.eval) },
});

/** Where the rows lie that a run file names; null where it names none. */
export function dataFile<Source extends string | null>(source: Source): string | Source {
  const [, kind, id] = /^(snapshot|labelled):(\d+)$/.exec(source ?? "") ?? [];
  if (kind === undefined) return source;
  return kind === "snapshot" ? snapshotPath(Number(id)) : labelledPath(Number(id));
}
