// What Next.js calls when the web process starts, and when a page cannot be rendered.
import type { Instrumentation } from "next";
import { teamUrl } from "./common/env";

export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  (await import("./lib/logging/log")).startLog("web");
  const { asServer, denyByDefault } = await import("./lib/access/asked");
  if (teamUrl() !== null) denyByDefault();
  void asServer(dropHalfFilled);
  void asServer(readAhead);
}

/** What an import that was killed left behind goes in the background: it may be a million rows. */
async function dropHalfFilled(): Promise<void> {
  const [{ dropHalfFilled }, { log }] = await Promise.all([
    import("./lib/annotation/queues/new-queue"),
    import("./lib/logging/log"),
  ]);
  try {
    const dropped = await dropHalfFilled();
    if (dropped > 0) log().info(`${dropped} datasets that were half imported when their process ended are dropped`);
  } catch (error) {
    log().error({ err: error }, "dropping half-imported datasets");
  }
}

async function readAhead(): Promise<void> {
  const [{ readAhead }, { log }] = await Promise.all([
    import("./lib/annotation/judging/tally"),
    import("./lib/logging/log"),
  ]);
  try {
    readAhead();
  } catch (error) {
    log().error({ err: error }, "votes are read when somebody asks for them");
  }
}

export const onRequestError: Instrumentation.onRequestError = async (error, { method, path }) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  (await import("./lib/logging/log")).log().error({ err: error }, `${method} ${path}`);
};
