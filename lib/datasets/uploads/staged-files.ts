// Files on their way in lie in a folder of their own until they are imported or given up.
import "server-only";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { z } from "zod";
import { dataFolder, hubEndpoint } from "../../../common/env";
import { dataFiles } from "../../../common/records/files";
import { AppError } from "../../../spec/errors";
import { FieldError } from "../../../spec/field-error";
import { holdsRows, usualName } from "../../../spec/row-files";
import type { Watch } from "../../watch";
import { pathFiles, type Source } from "../add/add-dataset";
import { filesOfCards, type Split, splitsOfCards, usualSplit } from "../add/card-files";
import { fetchFromHub, type HubSource } from "../add/hub-files";
import type { provenance } from "../add/provenance";
import { type Body, receiveFile } from "../receive-file";
import type { UploadState } from "./uploads-schema";

const uploads = () => join(dataFolder(), "uploads");
const folderOf = (upload: string) => join(uploads(), `add-${z.uuid().parse(upload)}`);
const filesOf = (upload: string) => join(folderOf(upload), "files");
/** Says of what is not sent where it lies or came from. */
const noteOf = (upload: string) => join(folderOf(upload), "source.json");
type Note = { path: string } | { hub: z.infer<typeof provenance>["hub"]; files: string[] };

/** Adds one file, under its name or its path in the folder that was chosen. */
export async function stageFile(upload: string, name: string, body: Body): Promise<void> {
  forgetOld();
  await receiveFile(join(filesOf(upload), ...safeParts(name)), body, {
    tooLarge: "A file is larger than 1 GB: name its path on this machine, or add it with workbench dataset add.",
    cutOff: (received) => `Only ${received} of ${body.declared} bytes of ${name} arrived; choose it again.`,
  });
}

/** Of a path in a folder, without any that lead out of it. */
function safeParts(name: string): string[] {
  const parts = name.split(/[\\/]/).filter((part) => part !== "" && part !== "." && part !== "..");
  if (parts.length === 0 || name.includes("\0")) throw new AppError(400, "The file has no name.");
  return parts;
}

/** A file or folder of this machine that a request may name; it stays where it is. */
export function stagePath(upload: string, path: string): void {
  dataFiles([path]); // says what is wrong with it
  note(upload, { path });
}

/** Nothing of it is on offer before all of it has come. */
export async function stageHub(upload: string, hub: HubSource, watch: Watch): Promise<void> {
  const part = join(folderOf(upload), "part");
  try {
    await rm(filesOf(upload), { recursive: true, force: true });
    mkdirSync(part, { recursive: true });
    const fetched = await fetchFromHub(hub, part, watch);
    watch.cancelled?.throwIfAborted();
    renameSync(part, filesOf(upload));
    note(upload, { hub: { endpoint: hubEndpoint(), ...hub }, files: fetched.map((file) => relative(part, file)) });
  } catch (error) {
    unstage(upload);
    throw error;
  }
}

function note(upload: string, value: Note): void {
  forgetOld();
  mkdirSync(folderOf(upload), { recursive: true });
  writeFileSync(noteOf(upload), JSON.stringify(value));
}

const noted = (upload: string): Note | null =>
  existsSync(noteOf(upload)) ? (JSON.parse(readFileSync(noteOf(upload), "utf8")) as Note) : null;

/** Which of the splits that a dataset card names is wanted; kept beside the files. */
const splitOf = (upload: string) => join(folderOf(upload), "split.json");
const chosenSplit = (upload: string): Split =>
  existsSync(splitOf(upload)) ? (JSON.parse(readFileSync(splitOf(upload), "utf8")) as Split) : usualSplit;

export function chooseSplit(upload: string, split: { config: string; split: string }): void {
  if (!existsSync(folderOf(upload))) throw new AppError(404, "These files are gone; choose them again.");
  const known = splitsOfCards(cardFolders(upload));
  if (!known.some((one) => one.config === split.config && one.split === split.split))
    throw new AppError(400, `The dataset card names no split ${split.split} of ${split.config}.`);
  writeFileSync(splitOf(upload), JSON.stringify(split));
}

/** Folders that may have a card, whose files are chosen by it. */
function cardFolders(upload: string): string[] {
  const read = noted(upload);
  if (read) return "path" in read && statSync(read.path, { throwIfNoEntry: false })?.isDirectory() ? [read.path] : [];
  if (!existsSync(filesOf(upload))) return [];
  return filesIn(filesOf(upload))
    .filter((file) => basename(file) === "README.md")
    .map((file) => dirname(file));
}

/** What is to be imported. */
export function stagedSource(upload: string): Source {
  const read = noted(upload);
  const split = chosenSplit(upload);
  if (read && "path" in read) return pathFiles([read.path], split);
  if (!existsSync(filesOf(upload))) throw new AppError(404, "These files are gone; choose them again.");
  const nameOf = (file: string) => relative(filesOf(upload), file);
  if (read) return { files: read.files.map((name) => join(filesOf(upload), name)), nameOf, hub: read.hub };
  const sent = dataFiles(filesIn(filesOf(upload)));
  const rows = sent.filter(holdsRows);
  return {
    files: rows.length > 0 ? filesOfCards(rows, cardFolders(upload), split) : sent, // one that is chosen itself is taken whatever it is called
    nameOf,
    hub: null,
  };
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** The first names, how many files there are, and what they are called together; where they are gone, why. */
export function stagedFiles(upload: string): Staged {
  if (!existsSync(folderOf(upload))) return noFiles;
  const splits: Staged["splits"] = { known: [], chosen: null };
  try {
    splits.known = splitsOfCards(cardFolders(upload));
    splits.chosen = takenOf(splits.known, chosenSplit(upload));
    const { files, nameOf } = stagedSource(upload);
    const named = files.slice(0, mostNamed).map((file) => ({ name: nameOf(file), bytes: statSync(file).size }));
    return { title: titleOf(noted(upload)), files: named, count: files.length, splits, gone: null };
  } catch (error) {
    if (error instanceof AppError || error instanceof FieldError) return { ...noFiles, splits, gone: error.message };
    throw error;
  }
}

/** Of the splits of cards the one that is taken; null where the usual one is in none. */
const takenOf = (known: { config: string; split: string }[], { config, split }: Split) =>
  known.find((one) => one.config === (config ?? known[0]!.config) && one.split === (split ?? "train")) ?? null;

const mostNamed = 20;
export type Staged = Omit<UploadState, "work">;
export const noFiles: Staged = { title: null, files: [], count: 0, splits: { known: [], chosen: null }, gone: null };

const titleOf = (note: Note | null): string | null =>
  note && ("path" in note ? usualName(note.path) : (note.hub?.id ?? null));

export const unstage = (upload: string): void => rmSync(folderOf(upload), { recursive: true, force: true });

const longestMs = 24 * 3_600_000;

/** Files that nobody came back for. */
function forgetOld(): void {
  if (!existsSync(uploads())) return;
  for (const name of readdirSync(uploads())) {
    const path = join(uploads(), name);
    if (name.startsWith("add-") && Date.now() - statSync(path).mtimeMs > longestMs)
      rmSync(path, { recursive: true, force: true });
  }
}
