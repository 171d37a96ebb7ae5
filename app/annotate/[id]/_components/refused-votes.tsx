import { useState, useSyncExternalStore } from "react";
import { subscribe } from "../../../ui/browser-store";
import { NotSaved } from "./later";
import { notSaved } from "./outbox";

/** How many votes the server has refused, and the way to them. */
export function RefusedVotes() {
  const refused = useSyncExternalStore(subscribe, notSaved, () => 0);
  const [list, setList] = useState(false);
  if (refused === 0) {
    if (list) setList(false); // the next one that is refused must not open it in the midst of voting
    return null;
  }
  return (
    <>
      <button type="button" onClick={() => setList(true)} className="whitespace-nowrap text-bad underline">
        {refused} not saved
      </button>
      {list && <NotSaved onClose={() => setList(false)} />}
    </>
  );
}
