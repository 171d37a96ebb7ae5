"use client";

import { NotifySwitch } from "../../_shell/notify-switch";
import { useHydrated } from "../../ui/use-hydrated";

/** What this browser tells of; nothing is known of it on the server. */
export function Browser() {
  const hydrated = useHydrated();
  return (
    <div className="min-h-16">
      <div className="-ml-2 min-h-9">{hydrated && <NotifySwitch />}</div>
      <p className="text-soft">Ends and alerts of runs, while the workbench is open in a tab that is not in sight.</p>
    </div>
  );
}
