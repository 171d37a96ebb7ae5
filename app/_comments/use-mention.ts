import { type KeyboardEvent, type RefObject, useEffect, useState } from "react";
import { request } from "../_client/fetch";

const mostNames = 6;

export interface Mention {
  /** The names that begin as what is typed after an @; none where nothing is. */
  names: string[];
  /** Which of them Enter takes. */
  at: number;
  /** Whether a key was for the list. */
  press: (event: KeyboardEvent) => boolean;
  pick: (name: string) => void;
}

/** Names of people while they are typed after an @ in a text. */
export function useMention(
  queueId: number,
  field: RefObject<HTMLTextAreaElement | null>,
  text: string,
  write: (text: string) => void,
): Mention {
  const [people, setPeople] = useState<string[]>([]);
  const [at, setAt] = useState(0);
  const [leftAt, setLeftAt] = useState(""); // Escape closes the list until something else is typed
  const typed = text === leftAt ? null : typedName(text.slice(0, field.current?.selectionStart ?? text.length));
  const asks = typed !== null;
  useEffect(() => {
    if (asks) request<string[]>(`/api/queues/${queueId}/people`).then(setPeople, () => undefined); // a name can be typed whole
  }, [asks, queueId]);
  const names =
    typed === null
      ? []
      : people.filter((name) => name.toLowerCase().startsWith(typed.toLowerCase())).slice(0, mostNames);
  const chosen = Math.min(at, names.length - 1);

  const pick = (name: string) => {
    const { selectionStart: end } = field.current!;
    field.current!.setRangeText(`${name} `, end - typed!.length, end, "end");
    write(field.current!.value);
    field.current!.focus();
    setAt(0);
  };
  const press = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean => {
    if (names.length === 0 || ctrlKey || metaKey) return false;
    if (key === "ArrowDown") setAt((chosen + 1) % names.length);
    else if (key === "ArrowUp") setAt((chosen + names.length - 1) % names.length);
    else if (key === "Enter" || key === "Tab") pick(names[chosen]!);
    else if (key === "Escape") setLeftAt(text);
    else return false;
    return true;
  };
  return { names, at: chosen, press, pick };
}

/** What stands between an @ and the cursor, if it may be the beginning of a name. */
const typedName = (before: string): string | null => /(?<![\p{L}\p{N}_])@([^@\n]{0,40})$/u.exec(before)?.[1] ?? null;
