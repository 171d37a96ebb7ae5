// What Next.js calls when the web process starts, and when a page cannot be rendered.
import type { Instrumentation } from "next";
import { mailServer, singleSignOn, teamUrl } from "./common/env";

export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  (await import("./lib/logging/log")).startLog("web");
  const { asServer, denyByDefault } = await import("./lib/access/asked");
  if (teamUrl() !== null) {
    singleSignOn(); // these throw where they are set in part: better now than when somebody signs in
    mailServer();
    denyByDefault();
  }
  void asServer(() => orLog("dropping half-imported datasets", dropHalfFilled));
  void asServer(() => orLog("clearing the database files of an erasure", clearFiles));
  void asServer(() => orLog("votes are read when somebody asks for them", readVotes));
}

/** What goes on without it where it fails. */
async function orLog(words: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    (await import("./lib/logging/log")).log().error({ err: error }, words);
  }
}

/** What an import that was killed left behind goes in the background: it may be a million rows. */
async function dropHalfFilled(): Promise<void> {
  const dropped = await (await import("./lib/annotation/queues/new-queue")).dropHalfFilled();
  if (dropped === 0) return;
  const { log } = await import("./lib/logging/log");
  log().info(`${dropped} datasets that were half imported when their process ended are dropped`);
}

/** Of an erasure during which the process ended. */
async function clearFiles(): Promise<void> {
  (await import("./lib/personal-data/clear-files")).clearFilesIfDue();
}

async function readVotes(): Promise<void> {
  (await import("./lib/annotation/judging/tally")).readAhead();
}

export const onRequestError: Instrumentation.onRequestError = async (error, { method, path }) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  (await import("./lib/logging/log")).log().error({ err: error }, `${method} ${path}`);
};
