// Who may sign in where the workbench serves a team, and their sessions: the tables that better-auth 1.7 reads and writes. Empty on one's own machine.
import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { languages } from "../../../common/languages";
import { type Permission, roles } from "../../../spec/roles";
import { annotators } from "./annotators";

const time = () => integer({ mode: "timestamp_ms" });

export const users = sqliteTable("users", {
  id: text().primaryKey(),
  name: text().notNull(),
  /** Made up, under `.invalid`, for whoever gave none. */
  email: text().notNull().unique(),
  emailVerified: integer({ mode: "boolean" }).notNull().default(false),
  image: text(),
  /** In lower case; `displayUsername` as it was typed. */
  username: text().unique(),
  displayUsername: text(),
  role: text({ enum: roles }).notNull(),
  /** Whose annotations theirs are. */
  annotatorId: integer()
    .notNull()
    .unique()
    .references(() => annotators.id),
  /** In which annotators' screens are read; null where the browser says. */
  language: text({ enum: languages }),
  /** Whether signing in with a password asks for a code too (second-steps.ts). */
  twoFactorEnabled: integer({ mode: "boolean" }).notNull().default(false),
  /** Since when they may not sign in any more; their annotations stay. */
  deactivatedAt: integer(),
  createdAt: time().notNull(),
  updatedAt: time().notNull(),
});
export type User = typeof users.$inferSelect;

const owner = () =>
  text()
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

export const sessions = sqliteTable("sessions", {
  id: text().primaryKey(),
  userId: owner(),
  token: text().notNull().unique(),
  expiresAt: time().notNull(),
  ipAddress: text(),
  userAgent: text(),
  createdAt: time().notNull(),
  updatedAt: time().notNull(),
});

/** Ways to sign in: a password's hash (scrypt), or a person of the team's provider, who comes in to one account. */
export const credentials = sqliteTable(
  "credentials",
  {
    id: text().primaryKey(),
    userId: owner(),
    accountId: text().notNull(),
    providerId: text().notNull(),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: time(),
    refreshTokenExpiresAt: time(),
    scope: text(),
    password: text(),
    createdAt: time().notNull(),
    updatedAt: time().notNull(),
  },
  (t) => [uniqueIndex("credentials_person").on(t.providerId, t.accountId)],
);

export const verifications = sqliteTable("verifications", {
  id: text().primaryKey(),
  identifier: text().notNull(),
  value: text().notNull(),
  expiresAt: time().notNull(),
  createdAt: time().notNull(),
  updatedAt: time().notNull(),
});

/** How often an address has tried to sign in. */
export const rateLimits = sqliteTable("rate_limits", {
  id: text().primaryKey(),
  key: text().notNull().unique(),
  count: integer().notNull(),
  lastRequest: integer().notNull(),
});

/** Links by which people join, or choose a new password. */
export const invitations = sqliteTable("invitations", {
  id: integer().primaryKey({ autoIncrement: true }),
  /** SHA-256 of what the link says, which is nowhere else. */
  hash: text().notNull().unique(),
  role: text({ enum: roles }).notNull(),
  /** Whom it is for, as whoever made it wrote. */
  note: text(),
  /** Whose address, as the team's provider says it, joins by it without its link; in lower case. */
  email: text(),
  /** Whose annotations so far are those of who joins: of a name that was chosen before there were accounts. */
  annotatorId: integer().references(() => annotators.id),
  /** Whose new password it lets choose; null where somebody joins. */
  userId: text().references(() => users.id, { onDelete: "cascade" }),
  /** Whether choosing it ends their second step too, of which they have lost the means. */
  endsSecondStep: integer({ mode: "boolean" }).notNull().default(false),
  createdBy: text().references(() => users.id, { onDelete: "set null" }),
  createdAt: integer().notNull(),
  expiresAt: integer().notNull(),
  usedAt: integer(),
});
export type Invitation = typeof invitations.$inferSelect;

/** By which scripts act for somebody, as far as their scopes go. */
export const tokens = sqliteTable("tokens", {
  id: integer().primaryKey({ autoIncrement: true }),
  /** SHA-256 of what the script sends, which is nowhere else. */
  hash: text().notNull().unique(),
  userId: owner(),
  name: text().notNull(),
  scopes: text({ mode: "json" }).$type<Permission[]>().notNull(),
  createdAt: integer().notNull(),
  expiresAt: integer().notNull(),
  /** To the minute. */
  usedAt: integer(),
});
export type Token = typeof tokens.$inferSelect;
