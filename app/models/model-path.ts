import type { Route } from "next";
import type { KnownModel } from "@/lib/models/models-schema";

/** The page of a model: of a base by its source, which may be a path, of another by its run. */
export const modelPage = (id: string): Route => `/models/${encodeURIComponent(id)}` as Route;

/** A chat with it. */
export const chatPage = (kind: KnownModel["kind"], id: string): Route =>
  `/chat?a=${encodeURIComponent(kind === "base" ? `base:${id}` : id)}` as Route;
