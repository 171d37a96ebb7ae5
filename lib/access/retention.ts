// For how long a team keeps its audit log and its sessions, both of which say who was where. Unmarked, so that the runner reads it in plain Node.
import { lt } from "drizzle-orm";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { sessions } from "../db/tables/accounts";
import { auditEntries } from "../db/tables/audit";
import { dropSetting, keepSetting, setting } from "../settings/setting";
import { rewritingAudit } from "./rewritten-audit";

const entry = "retention days";
const dayMs = 86_400_000;

/** Null: for ever. */
export function retentionDays(): number | null {
  const days = setting(entry);
  return days === null ? null : Number(days);
}

export const keepForDays = (days: number | null): Promise<void> =>
  retryOnBusyAsync(() => (days === null ? dropSetting(entry) : keepSetting(entry, String(days))));

/** Removes what is older, sessions a day later; the log says how much. By whole days (UTC), so that this is at most an entry a day. */
export function removeOld(now: number): void {
  const days = retentionDays();
  if (days === null) return;
  const before = (Math.floor(now / dayMs) - days) * dayMs;
  appDb().transaction(
    (tx) => {
      const lastUsed = new Date(before - dayMs); // noted once a day (auth.ts): somebody may have been here since
      const [old, unused] = [lt(auditEntries.at, before), lt(sessions.updatedAt, lastUsed)];
      const isSome = tx.select().from(auditEntries).where(old).get() ?? tx.select().from(sessions).where(unused).get();
      if (!isSome) return;
      rewritingAudit(() => {
        const entries = tx.delete(auditEntries).where(old).run().changes;
        const ended = tx.delete(sessions).where(unused).run().changes;
        tx.insert(auditEntries)
          .values(removal(entries, ended, before, now))
          .run();
      });
    },
    { behavior: "immediate" },
  );
}

const removal = (entries: number, ended: number, before: number, at: number): typeof auditEntries.$inferInsert => ({
  ...{ at, name: "the workbench", method: "DELETE", path: "/api/audit", status: 200 },
  detail: `entries ${entries}, sessions ${ended}, from before ${new Date(before).toISOString().slice(0, 10)}`,
});
