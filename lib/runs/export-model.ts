// A run's model as one file for other programs: an archive of its adapter or of the merged model, or GGUF for llama.cpp. Made on request, gone once it is sent.
import "server-only";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import type { FolderType, GgufType } from "../../spec/export-types";
import type { Run } from "../db/tables/runs";
import { fileName } from "../file-name";
import { asJob } from "../jobs/background";
import { workbench } from "../jobs/workbench";
import {
  type At,
  adapterFiles,
  folderAt,
  type ModelFiles,
  mergedFiles,
  requirePolicy,
  scratchFolder,
} from "./model-files";
import type { takenForms } from "./push-schema";
import { requireRun } from "./require-run";

export interface TakenAway {
  file: string;
  bytes: Readable;
}

interface Wanted {
  /** Of a GGUF file's matrices. */
  type: GgufType;
  /** Of a merged folder's weights. */
  dtype: FolderType;
  maxShardSize?: string | undefined;
}

export async function takeAway(
  id: string,
  form: (typeof takenForms)[number],
  at: At,
  wanted: Wanted,
): Promise<TakenAway> {
  const run = requireRun(id);
  const plain = `${fileName(run.name)}${at === "last" ? "" : `-${at === "best" ? "best" : `step-${at}`}`}`;
  if (form === "adapter")
    return {
      file: `${plain}-${run.config.adapter === null ? "model" : "adapter"}.tar`,
      bytes: packed(id, adapterFiles(run, at)),
    };
  if (form === "gguf") return ggufOf(run, at, plain, wanted.type);
  const files = await asJob(about(run, "a merged model"), (job) => mergedFiles(run, at, wanted, job));
  return { file: `${plain}-merged.tar`, bytes: packed(`${plain}-merged`, files) };
}

const about = ({ id, name }: Run, form: string) =>
  ({ kind: "export", title: `${name} as ${form}`, href: `/runs/${id}` }) as const;

/** K types take about half a second a million weights. */
const ggufPatienceMs = 1_800_000;

async function ggufOf(run: Run, at: At, plain: string, type: GgufType): Promise<TakenAway> {
  requirePolicy(run);
  const adapter = folderAt(run, at);
  const { folder, done } = await scratchFolder();
  const file = `${plain}-${type}.gguf`;
  const path = join(folder, file);
  try {
    const args = ["export-gguf", run.config.model.source, path];
    await asJob(about(run, "GGUF"), (job) =>
      workbench(args, { options: { adapter, type }, job, timeoutMs: ggufPatienceMs }),
    );
    return { file, bytes: createReadStream(path).once("close", done) };
  } catch (error) {
    await done();
    throw error;
  }
}

/** A .tar of these files, read as they are sent, with a model card. */
function packed(root: string, { card, folder, names, done }: ModelFiles): Readable {
  const tar = pack();
  const fill = async () => {
    tar.entry({ name: `${root}/README.md` }, card);
    for (const name of names) {
      const path = join(folder, name);
      const entry = tar.entry({ name: `${root}/${name}`, size: (await stat(path)).size });
      await pipeline(createReadStream(path), entry);
    }
    tar.finalize();
  };
  fill().catch((error: Error) => tar.destroy(error));
  return Readable.from(tar).once("close", done);
}
