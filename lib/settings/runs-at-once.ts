// How many runs train on this machine at once. Unmarked, so that the runner reads it in plain Node.
import { retryOnBusyAsync } from "../db/busy";
import { keepSetting, setting } from "./setting";

const entry = "runs at once";

/** One, unless somebody has chosen more. */
export const runsAtOnce = (): number => Number(setting(entry) ?? 1);

export const allowAtOnce = (count: number): Promise<void> => retryOnBusyAsync(() => keepSetting(entry, String(count)));
