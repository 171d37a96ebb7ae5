import { useCallback, useState } from "react";
import type { SettingName, SettingTexts } from "./setting-values";

/** Changes that are not saved yet, kept in this browser so that no click elsewhere and no reload loses them. */
export function useDraft(queueId: number, stored: SettingTexts) {
  const key = `dataset-settings/${queueId}`;
  const [draft, setDraft] = useState<Partial<SettingTexts>>(() => read(key));
  const [restored] = useState(() => Object.keys(draft).length > 0);
  const keep = useCallback(
    (next: Partial<SettingTexts>) => {
      setDraft(next);
      if (Object.keys(next).length > 0) localStorage.setItem(key, JSON.stringify(next));
      else localStorage.removeItem(key);
    },
    [key],
  );
  const change = (name: SettingName, text: string) => {
    const { [name]: _, ...others } = draft;
    keep(text === stored[name] ? others : { ...others, [name]: text });
  };
  return { draft, restored, change, discard: useCallback(() => keep({}), [keep]) };
}

/** Nothing on the server, and nothing where what is kept is damaged. */
function read(key: string): Partial<SettingTexts> {
  if (typeof localStorage === "undefined") return {};
  try {
    return JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<SettingTexts>;
  } catch {
    return {};
  }
}
