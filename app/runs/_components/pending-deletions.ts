// Runs that were deleted a moment ago and can still be taken back: out of sight at once, gone from the disk once the time to undo is over, or
// when the page is left.
import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { request } from "@/app/_client/fetch";
import { say, sayError } from "../../ui/toast";

export const undoMs = 10_000;

let pending: readonly string[] = [];
const listeners = new Set<() => void>();

function set(next: readonly string[]): void {
  pending = next;
  for (const listener of listeners) listener();
}

const remove = (ids: string[], keepalive = false) =>
  request(`/api/runs?ids=${ids.join(",")}`, { method: "DELETE", keepalive });

export function deleteLater(ids: string[], client: QueryClient): void {
  set([...pending, ...ids]);
  const end = () => {
    clearTimeout(timer);
    window.removeEventListener("pagehide", leave);
  };
  const back = () => set(pending.filter((id) => !ids.includes(id)));
  const leave = () => {
    end();
    void remove(ids, true);
  };
  const timer = setTimeout(async () => {
    end();
    await remove(ids).catch((error: Error) => sayError(error.message));
    await client.invalidateQueries({ queryKey: ["runs"] });
    back();
  }, undoMs);
  window.addEventListener("pagehide", leave);
  const undo = () => {
    end();
    back();
  };
  void say(ids.length === 1 ? "Run deleted" : `${ids.length} runs deleted`, { label: "Undo", act: undo, ms: undoMs });
}

/** Ids of the runs that are to be hidden. */
export const usePendingDeletions = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => pending,
    () => none,
  );
const none: readonly string[] = [];
