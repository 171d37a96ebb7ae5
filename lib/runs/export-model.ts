// A run's model for other programs: its adapter, worked into the base, or one file for llama.cpp. Made on request, gone once it is sent.
import "server-only";
import { createReadStream } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import { AppError } from "../../spec/errors";
import type { FolderType, GgufType } from "../../spec/export-types";
import { methodOf } from "../../spec/methods/all";
import { fileName } from "../file-name";
import { asJob } from "../jobs/background";
import { workbench } from "../jobs/workbench";
import { folderOf } from "./folder";
import { modelCard } from "./model-card";
import { adapterFolder, bestOf, checkpointFolder, requireRun } from "./require-run";

export const forms = ["adapter", "merged", "gguf"] as const;

export interface TakenAway {
  file: string;
  bytes: Readable;
}

/** `at`: the run's result, its best step, or the step of a checkpoint. Types: of a GGUF file's matrices, and of a merged folder's weights. */
export async function takeAway(
  id: string,
  form: (typeof forms)[number],
  at: "last" | "best" | number,
  { type, dtype }: { type: GgufType; dtype: FolderType },
): Promise<TakenAway> {
  const run = requireRun(id);
  const { name, config } = run;
  const step = at === "best" ? (bestOf(run)?.step ?? null) : at === "last" ? null : at;
  const folder = folderAt(id, at);
  const plain = `${fileName(name)}${at === "last" ? "" : `-${at === "best" ? "best" : `step-${at}`}`}`;
  if (form === "adapter") {
    const files = (await readdir(folder)).filter((file) => adapterFiles.includes(file));
    return { file: `${plain}-adapter.tar`, bytes: packed(id, folder, files, modelCard(run, "adapter", step)) };
  }
  if (methodOf(config).produces === "reward-model")
    throw new AppError(400, "A reward model does not generate text; download its adapter instead.");
  const scratch = await mkdtemp(join(tmpdir(), "workbench-export-"));
  const gone = () => rm(scratch, { recursive: true, force: true });
  const about = { kind: "export", title: `${name} as ${formWords[form]}`, href: `/runs/${id}` } as const;
  try {
    if (form === "merged") {
      await asJob(about, (job) =>
        workbench(["merge", config.model.source, folder, scratch], { options: { dtype }, job }),
      );
      const bytes = packed(`${plain}-merged`, scratch, await readdir(scratch), modelCard(run, "merged", step));
      return { file: `${plain}-merged.tar`, bytes: bytes.once("close", gone) };
    }
    const file = `${plain}-${type}.gguf`;
    const path = join(scratch, file);
    const args = ["export-gguf", config.model.source, path];
    await asJob(about, (job) =>
      workbench(args, { options: { adapter: folder, type }, job, timeoutMs: ggufPatienceMs }),
    );
    return { file, bytes: createReadStream(path).once("close", gone) };
  } catch (error) {
    await gone();
    throw error;
  }
}

/** K types take about half a second a million weights. */
const ggufPatienceMs = 1_800_000;

const formWords = { merged: "a merged model", gguf: "GGUF" };

function folderAt(id: string, at: "last" | "best" | number): string {
  if (typeof at === "number") return checkpointFolder(id, at);
  if (at === "best" && bestOf(requireRun(id)) !== null) return join(folderOf(requireRun(id)), "best");
  const folder = at === "best" ? null : adapterFolder(id);
  if (!folder)
    throw new AppError(404, at === "best" ? "This run keeps no best step." : "This run has saved no adapter yet.");
  return folder;
}

/** In PEFT format; a reward run's also knows how its scores are spread. */
const adapterFiles = ["adapter_config.json", "adapter_model.safetensors", "reward.json"];

/** A .tar of these files, read as they are sent, with a model card. */
function packed(root: string, folder: string, files: string[], card: string): Readable {
  const tar = pack();
  const fill = async () => {
    tar.entry({ name: `${root}/README.md` }, card);
    for (const file of files) {
      const path = join(folder, file);
      const entry = tar.entry({ name: `${root}/${file}`, size: (await stat(path)).size });
      await pipeline(createReadStream(path), entry);
    }
    tar.finalize();
  };
  fill().catch((error: Error) => tar.destroy(error));
  return Readable.from(tar);
}
