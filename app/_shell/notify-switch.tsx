import { BellRing } from "lucide-react";
import { useState } from "react";
import { canNotify, stopNotifying, wantNotifications, wantsNotifications } from "./notifications";

/** Whether this browser tells of ends and alerts while its page is hidden. */
export function NotifySwitch() {
  const [on, setOn] = useState(wantsNotifications);
  if (!canNotify()) return <span />;
  const flip = async () => {
    if (on) stopNotifying();
    setOn(on ? false : await wantNotifications());
  };
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      onClick={() => void flip()}
      className="flex min-h-9 items-center gap-2 rounded-md px-2 text-soft text-xs hover:bg-raised hover:text-ink"
    >
      <BellRing size={15} aria-hidden /> Browser notifications: {on ? "on" : "off"}
    </button>
  );
}
