// What people did where the workbench serves a team. Appended to, never changed: the migration has triggers that refuse it.
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const auditEntries = sqliteTable(
  "audit_entries",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    at: integer().notNull(),
    /** Null of whoever has not signed in. Names as they were then. */
    userId: text(),
    name: text(),
    /** Where the request came from, as the proxy says. */
    address: text(),
    method: text().notNull(),
    path: text().notNull(),
    /** What was asked for, where that is no secret: the role of an invitation, who signs in. */
    detail: text(),
    status: integer().notNull(),
  },
  (t) => [index("audit_entries_at").on(t.at)],
);
export type AuditEntry = typeof auditEntries.$inferSelect;
