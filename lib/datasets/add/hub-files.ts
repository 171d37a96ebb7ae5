// The files of a dataset on the Hugging Face Hub.
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { downloadFile, listFiles } from "@huggingface/hub";
import { datasetCard, filesOfSplit } from "../../../common/rows/dataset-card";
import { AppError } from "../../../spec/errors";
import { holdsRows } from "../../../spec/row-files";
import { hubServer, onHub } from "../../hub";
import type { Watch } from "../../watch";

export interface HubSource {
  /** As `owner/name`. */
  id: string;
  /** A branch, a tag or a commit. */
  revision: string;
  /** Null: the default one. */
  config: string | null;
  split: string;
}

/** From `hub:owner/name`, with `@revision` or without. */
export function hubSource(text: string, config: string | null, split: string): HubSource {
  const [, id, revision = "main"] = /^hub:([\w.-]+(?:\/[\w.-]+)?)(?:@([\w./-]+))?$/.exec(text) ?? [];
  if (id === undefined)
    throw new AppError(400, `${text} is no dataset of the Hub; hub:owner/name or hub:owner/name@revision is expected.`);
  return { id, revision, config, split };
}

/** Fetches the files of a configuration and split into a folder. Returns where they lie. */
export async function fetchFromHub(
  source: HubSource,
  folder: string,
  { cancelled, says }: Watch = {},
): Promise<string[]> {
  const { id, revision, config, split } = source;
  const repo = { type: "dataset" as const, name: id };
  const server = { repo, revision, ...hubServer() };
  return onHub({ kind: "dataset", id, revision, closed: "put a token that may read it into HF_TOKEN" }, async () => {
    const paths: string[] = [];
    for await (const { type, path } of listFiles({ ...server, recursive: true })) if (type === "file") paths.push(path);
    const readme = paths.includes("README.md") ? await downloadFile({ ...server, path: "README.md" }) : null;
    const rows = paths.filter(holdsRows);
    const wanted = filesOfSplit(readme && datasetCard(await readme.text()), rows, config, split);
    if (wanted.length === 0)
      throw new AppError(
        400,
        `${id} has no file of rows for the split ${split}; its files: ${paths.slice(0, 12).join(", ")}.`,
      );
    const files: string[] = [];
    for (const [i, path] of wanted.entries()) {
      says?.(`${i} of ${wanted.length} files fetched`);
      const blob = await downloadFile({ ...server, path });
      if (!blob) throw new AppError(404, `${id} lists ${path}, but has no such file.`);
      const file = join(folder, ...path.split("/").filter((part) => part !== ".."));
      await mkdir(dirname(file), { recursive: true });
      await pipeline(Readable.fromWeb(blob.stream() as ReadableStream), createWriteStream(file), {
        ...(cancelled && { signal: cancelled }),
      });
      files.push(file);
    }
    return files;
  });
}
