// Passkeys: key pairs of a phone, a computer or a security key that sign in without a password. The table that @better-auth/passkey 1.7 reads and writes.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { users } from "./accounts";

export const passkeys = sqliteTable("passkeys", {
  id: text().primaryKey(),
  userId: text()
    .notNull()
    .references(() => users.id, { onDelete: "cascade" }),
  name: text(),
  credentialID: text("credential_id").notNull().unique(),
  publicKey: text().notNull(),
  /** How often it was used, as it counts itself; less than that is a copy. */
  counter: integer().notNull(),
  deviceType: text().notNull(),
  backedUp: integer({ mode: "boolean" }).notNull(),
  transports: text(),
  /** Of which make it is. */
  aaguid: text(),
  createdAt: integer({ mode: "timestamp_ms" }),
});
