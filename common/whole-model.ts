// What a run leaves where it trained every weight, told from an adapter.
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Whether a folder holds a model of its own, and not an adapter on another. */
export const isWholeModel = (folder: string): boolean =>
  existsSync(join(/* turbopackIgnore: true */ folder, "config.json")) &&
  !existsSync(join(/* turbopackIgnore: true */ folder, "adapter_config.json"));
