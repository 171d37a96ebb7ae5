// What `npm start` runs before it serves: checks, migrations and sample data. Prints {words} for the stage report, with {owner}, a link, where a
// team's first owner is yet to join; or {problem}: a sentence that says what to do.

import { Refusal } from "../../common/command-line";
import { dataFolder, teamUrl } from "../../common/env";
import { explain } from "../../common/explain";
import { invite, joinLink } from "../access/invitations";
import { appDb } from "../db/client";
import { users } from "../db/tables/accounts";
import { emptyTrash } from "../storage/trash";
import { migrateDatabases } from "./migrate";
import { loadSamples } from "./sample-queue";
import { requireUsable } from "./usable";

async function begin(): Promise<{ words: string; owner?: string | null } | { problem: string }> {
  try {
    requireUsable();
    const backup = migrateDatabases();
    await emptyTrash();
    const words = await loadSamples(Date.now());
    return {
      words: backup ? `${words}; as they were before the migration: ${backup}` : words,
      ...(teamUrl() && { owner: ownerLink(Date.now()) }),
    };
  } catch (error) {
    const problem = problemOf(error);
    if (problem === null) throw error;
    return { problem };
  }
}

/** A link by which its owner joins; null once somebody has. */
function ownerLink(now: number): string | null {
  const isFirst = appDb().select().from(users).limit(1).get() === undefined;
  return isFirst ? joinLink(invite({ role: "owner", note: "the first owner", createdBy: null, days: 1 }, now)) : null;
}

/** Null for errors of our own, whose stack is needed. */
function problemOf(error: unknown): string | null {
  if (error instanceof Refusal) return error.message;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!/^SQLITE_|^E[A-Z]+$/.test(code)) return null;
  return `The data in ${dataFolder()} cannot be used (${code}): ${explain(error)}`;
}

process.stdout.write(JSON.stringify(await begin()));
