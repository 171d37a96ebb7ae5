// What a run was asked for, in the fields of today.
import { currentNames } from "../../spec/former-names";
import { storedConfig } from "../../spec/stored-config";
import type { Run } from "../db/tables/runs";

/** Fields that an older version did not have are at their defaults, so that runs differ in what was chosen alone. As stored where it cannot be read. */
export function fullConfig({ config }: Run): Run["config"] {
  try {
    return storedConfig(config);
  } catch {
    return currentNames(config) as Run["config"]; // another program's run, or one of a version that is no longer understood
  }
}
