// The model that runs on one's own data and generated responses begin with, where somebody chose one.
import "server-only";
import { retryOnBusyAsync } from "../db/busy";
import { dropSetting, keepSetting, setting } from "./setting";

const entry = "default model";

/** Null where nobody chose one: then each template has its own. */
export const defaultModel = (): string | null => setting(entry);

export const chooseDefaultModel = (source: string | null): Promise<void> =>
  retryOnBusyAsync(() => (source === null ? dropSetting(entry) : keepSetting(entry, source)));
