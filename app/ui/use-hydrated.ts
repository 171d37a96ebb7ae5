import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False in the server's HTML, true once React listens. A form waits for it: what is typed before is overwritten with the defaults. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
