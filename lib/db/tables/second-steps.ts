// What is asked for after a password: codes of an authenticator app.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { users } from "./accounts";

const owner = () =>
  text()
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

/** The table that better-auth 1.7 reads and writes. Secrets and backup codes are encrypted with the installation's own. */
export const secondSteps = sqliteTable("second_steps", {
  id: text().primaryKey(),
  userId: owner().unique(),
  secret: text().notNull(),
  backupCodes: text().notNull(),
  /** Whether a code of the app has confirmed it; until then it is asked for nowhere. */
  verified: integer({ mode: "boolean" }).notNull().default(false),
  failedVerificationCount: integer().notNull().default(0),
  lockedUntil: integer({ mode: "timestamp_ms" }),
});

/** Codes that were given lately: each lets in once (RFC 6238, 5.2). */
export const usedCodes = sqliteTable(
  "used_codes",
  { userId: owner(), code: text().notNull(), at: integer().notNull() },
  ({ userId, code }) => [primaryKey({ columns: [userId, code] })],
);
