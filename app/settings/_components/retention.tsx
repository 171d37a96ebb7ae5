"use client";

import { NumberSetting } from "./number-setting";

/** For how many days a team keeps what says who was where; null: for ever. */
export const Retention = ({ chosen }: { chosen: number | null }) => (
  <NumberSetting
    setting="retentionDays"
    chosen={chosen}
    label="Days that the audit log and sessions are kept"
    about="What is older is removed within a day, for good; the audit log says how much. Empty: nothing is."
    saved={(days) =>
      days === null
        ? "Audit log and sessions are kept forever."
        : `Audit log and sessions are kept for ${days} ${days === 1 ? "day" : "days"}.`
    }
  />
);
