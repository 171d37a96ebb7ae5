// Models of the Hugging Face Hub by their ids, and where they lie once they are fetched: in the Hub's own cache, which Python reads and
// writes too. No tfjs in here.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hubCache } from "./env";

export interface HubModel {
  /** As `owner/name`. */
  id: string;
  /** A branch, a tag or a commit. */
  revision: string;
}

/** From `hub:owner/name`, with `@revision` or without; null where it is no such name. */
export function hubModel(source: string): HubModel | null {
  const [, id, revision = "main"] = /^hub:([\w.-]+\/[\w.-]+)(?:@([\w.-]+))?$/.exec(source) ?? [];
  return id === undefined ? null : { id, revision };
}

/** Where all of a model's revisions lie. */
export const repositoryFolder = ({ id }: HubModel): string =>
  join(/* turbopackIgnore: true */ hubCache(), `models--${id.replace("/", "--")}`);

/** The folder of a model that was fetched; null where it was not. */
export function hubFolder(model: HubModel): string | null {
  const folder = repositoryFolder(model);
  const ref = join(folder, "refs", model.revision);
  const commit = existsSync(ref) ? readFileSync(ref, "utf8").trim() : model.revision;
  const snapshot = join(folder, "snapshots", commit);
  return existsSync(snapshot) ? snapshot : null;
}
