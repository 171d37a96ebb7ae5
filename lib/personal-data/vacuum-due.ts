// That somebody was erased and the database files have not been written anew since. Unmarked, so that the command line does it in plain Node.
import { dropSetting, keepSetting, setting } from "../settings/setting";

const entry = "vacuum due";

export const isVacuumDue = (): boolean => setting(entry) !== null;
export const dueVacuum = (): void => keepSetting(entry, "1");
export const vacuumIsDone = (): void => dropSetting(entry);
