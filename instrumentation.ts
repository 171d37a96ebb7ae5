// What Next.js calls when the web process starts, and when a page cannot be rendered.
import type { Instrumentation } from "next";

export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") (await import("./lib/logging/log")).startLog("web");
}

export const onRequestError: Instrumentation.onRequestError = async (error, { method, path }) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  (await import("./lib/logging/log")).log().error({ err: error }, `${method} ${path}`);
};
