// Documents that no rule drops from now on.
import { FieldError } from "../../spec/field-error";
import { type CorpusFolder, corpusFolder } from "./corpus-folder";

/** The folders and the config with which to do the work again. */
export function restoreDocuments(out: string, ids: string[]) {
  const folder = corpusFolder(out);
  if (!folder.isBegun()) throw new FieldError("out", `${out} is no folder that workbench corpus has written`);
  const { folders, config } = folder.asked();
  const unknown = new Set(ids);
  for (let number = 0; folder.has(number); number++) for (const { id } of folder.read(number)) unknown.delete(id);
  if (unknown.size > 0 && folder.has(0))
    throw new FieldError("id", `${out} holds no document ${[...unknown].join(", ")}; ids stand in its folder dropped`);
  return { folders, config: { ...config, keep: [...new Set([...config.keep, ...ids])].sort() } };
}

/** Has documents judged again of which only one list says that no rule drops them. */
export function forgetChanged(folder: CorpusFolder, before: string[], now: string[]): void {
  const changed = new Set([...before.filter((id) => !now.includes(id)), ...now.filter((id) => !before.includes(id))]);
  if (changed.size === 0) return;
  for (const number of folder.parts())
    if (folder.read(number).some(({ id, drop, spared }) => changed.has(id) && (drop || spared.length > 0)))
      folder.forget(number);
}
