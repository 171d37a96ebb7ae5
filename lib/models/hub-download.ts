// A model of the Hugging Face Hub into the Hub's own cache. What was fetched of a file before is not fetched again, and every file is checked against the hash that the Hub has of it.
import { createHash } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { setTimeout as wait } from "node:timers/promises";
import { downloadFile, HubApiError, type ListFileEntry, listFiles, modelInfo } from "@huggingface/hub";
import { hubEndpoint } from "../../common/env";
import { type HubModel, repositoryFolder } from "../../common/hub-models";
import { AppError } from "../../spec/errors";
import { hubServer, onHub } from "../hub";
import { companions, weightFile } from "../hub-model-files";
import type { Watch } from "../watch";

/** After so many failures in a row without a byte between them it is given up; what has come stays. */
const mostFailures = 5;
const firstPauseMs = 200;

/**
 * Fetches what is not there yet. `checkConfig` throws where the model of a config.json cannot be used, before its weights are fetched.
 * Returns the commit that the revision stands for.
 */
export async function fetchHubModel(
  model: HubModel,
  checkConfig: (path: string) => Promise<void>,
  { cancelled, says }: Watch = {},
): Promise<string> {
  const closed = `accept its terms at ${hubEndpoint()}/${model.id}, and put a token that may read it into HF_TOKEN`;
  const blobs = join(repositoryFolder(model), "blobs");
  const failed = () => (hasBytes(blobs) ? ". What has come is kept; add it again to go on." : ". Add it again later.");
  return onHub({ kind: "model", ...model, closed, failed }, async () => {
    const { sha } = await modelInfo({
      ...hubServer(),
      name: model.id,
      revision: model.revision,
      additionalFields: ["sha"],
    });
    const folder = repositoryFolder(model);
    const files = wantedFiles(model.id, await filesOf(model.id, sha));
    for (const name of [sha, ...files.map(hashOf)]) requireHash(name);
    const total = files.reduce((sum, { size }) => sum + size, 0);
    let before = 0;
    for (const file of files) {
      const report = (bytes: number) => says?.(`${megabytes(before + bytes)} of ${megabytes(total)} MB fetched`);
      await fetchFile(model.id, sha, file, blobOf(folder, file), report, cancelled);
      before += file.size;
      if (file.path === "config.json") await checkConfig(blobOf(folder, file));
    }
    for (const file of files) link(blobOf(folder, file), join(folder, "snapshots", sha, file.path));
    const ref = join(folder, "refs", model.revision);
    mkdirSync(dirname(ref), { recursive: true });
    if (model.revision !== sha) writeFileSync(ref, sha);
    return sha;
  });
}

/** Whether anything has come of the model, now or before. */
const hasBytes = (blobs: string): boolean =>
  existsSync(blobs) && readdirSync(blobs).some((file) => statSync(join(blobs, file)).size > 0);

const megabytes = (bytes: number) => Math.ceil(bytes / 1e6);

async function filesOf(id: string, revision: string): Promise<ListFileEntry[]> {
  const files: ListFileEntry[] = [];
  for await (const file of listFiles({ ...hubServer(), repo: { type: "model", name: id }, revision }))
    if (file.type === "file") files.push(file);
  return files;
}

/** The configuration first, so that a model that cannot be used costs nothing more; the weights last. */
function wantedFiles(id: string, files: ListFileEntry[]): ListFileEntry[] {
  const weights = files.filter(({ path }) => weightFile.test(path));
  const named = (ending: string) => files.map(({ path }) => path).filter((path) => path.endsWith(ending));
  if (weights.length === 0) {
    const [gguf, bin] = [named(".gguf"), named(".bin")];
    const instead =
      gguf.length > 0
        ? `it has ${gguf.slice(0, 5).join(", ")}: download one of them and give its path`
        : `it has ${bin[0] ?? "no weights at all"}; convert it with save_pretrained of a current Transformers`;
    throw new AppError(400, `${id} has no weights as safetensors; ${instead}.`);
  }
  const others = files.filter(({ path }) => companions.test(path));
  const config = others.filter(({ path }) => path === "config.json");
  if (config.length === 0) throw new AppError(400, `${id} has no config.json, which says what the model is.`);
  return [...config, ...others.filter((file) => !config.includes(file)), ...weights];
}

/** They name files here. */
function requireHash(name: string | undefined): void {
  if (!/^[0-9a-f]{40,64}$/.test(name ?? ""))
    throw new AppError(
      503,
      `${hubEndpoint()} answers ${JSON.stringify(name)} where a commit's or a file's hash is expected.`,
    );
}

const hashOf = ({ lfs, oid }: ListFileEntry): string => lfs?.oid ?? oid!;
const blobOf = (folder: string, file: ListFileEntry) => join(folder, "blobs", hashOf(file));

async function fetchFile(
  id: string,
  revision: string,
  file: ListFileEntry,
  blob: string,
  report: (bytes: number) => void,
  cancelled: AbortSignal | undefined,
): Promise<void> {
  if (existsSync(blob)) return;
  mkdirSync(dirname(blob), { recursive: true });
  const part = `${blob}.incomplete`;
  const have = () => (existsSync(part) ? statSync(part).size : 0);
  for (let failures = 0; have() < file.size || !existsSync(part); ) {
    const start = have();
    try {
      await fetchRest(id, revision, file, part, start, report, cancelled);
    } catch (error) {
      failures = have() > start ? 1 : failures + 1;
      if (cancelled?.aborted || error instanceof HubApiError || failures === mostFailures) throw error;
      await wait(firstPauseMs * 2 ** (failures - 1), undefined, cancelled && { signal: cancelled });
    }
  }
  const found = await contentHash(part, file);
  if (found !== hashOf(file)) {
    rmSync(part);
    throw new AppError(
      503,
      `${file.path} of ${id} should have the hash ${hashOf(file)} and came with ${found}. It was thrown away; try again, and if it happens again, something on the way to ${hubEndpoint()} changes it.`,
    );
  }
  renameSync(part, blob);
}

/** Appends what is missing. */
async function fetchRest(
  id: string,
  revision: string,
  { path, size }: ListFileEntry,
  part: string,
  start: number,
  report: (bytes: number) => void,
  cancelled: AbortSignal | undefined,
): Promise<void> {
  const whole = await downloadFile({ ...hubServer(), repo: { type: "model", name: id }, revision, path });
  if (!whole) throw new AppError(404, `${id} lists ${path}, but has no such file.`);
  let bytes = start;
  let broken: unknown = null;
  /** Ends where the connection breaks, so that what has come is written. */
  async function* received(chunks: AsyncIterable<Uint8Array>) {
    try {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        report(bytes);
        yield chunk;
      }
    } catch (error) {
      broken = error;
    }
  }
  const rest = Readable.fromWeb(whole.slice(start, size).stream() as ReadableStream);
  await pipeline(received(rest), createWriteStream(part, { flags: "a" }), cancelled ? { signal: cancelled } : {});
  if (broken !== null) throw broken;
}

/** As the Hub has it: SHA-256 of large files, git's hash of a blob of small ones. */
async function contentHash(path: string, { lfs, size }: ListFileEntry): Promise<string> {
  const hash = lfs ? createHash("sha256") : createHash("sha1").update(`blob ${size}\0`);
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

function link(blob: string, name: string): void {
  mkdirSync(dirname(name), { recursive: true });
  if (!existsSync(name)) symlinkSync(relative(dirname(name), blob), name);
}
