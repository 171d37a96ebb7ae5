import { useState, useSyncExternalStore } from "react";
import { useTranslate } from "@/app/_messages/use-translate";
import { subscribe } from "../../../ui/browser-store";
import { NotSaved } from "./not-saved";
import { notSaved } from "./outbox";

/** How many votes the server has refused, and the way to them. */
export function RefusedVotes() {
  const t = useTranslate();
  const refused = useSyncExternalStore(subscribe, notSaved, () => 0);
  const [list, setList] = useState(false);
  if (refused === 0) {
    if (list) setList(false); // the next one that is refused must not open it in the midst of voting
    return null;
  }
  return (
    <>
      <button type="button" onClick={() => setList(true)} className="whitespace-nowrap text-bad underline">
        {t("screen.notSaved", { count: refused })}
      </button>
      {list && <NotSaved onClose={() => setList(false)} />}
    </>
  );
}
