// What this browser stores between pages: unsent votes and drafts. Where its storage is full or forbidden, memory takes its place.
const memory = new Map<string, string>();
const listeners = new Set<() => void>();

export function notifyListeners(): void {
  for (const listener of listeners) listener();
}

/** Calls back when an entry is written or removed, in any tab. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

export function writeEntry(name: string, text: string): void {
  memory.delete(name);
  try {
    localStorage.setItem(name, text);
  } catch {
    memory.set(name, text);
  }
  notifyListeners();
}

export const readEntry = (name: string): string | null => memory.get(name) ?? localStorage.getItem(name);

/** The fields of an entry in JSON; none where it is something else, which another version or program has stored. */
export function fieldsIn(text: string | null): object {
  try {
    return Object(JSON.parse(text ?? "null"));
  } catch {
    return {};
  }
}

export function removeEntry(name: string): void {
  memory.delete(name);
  localStorage.removeItem(name);
  notifyListeners();
}

/** Names with this prefix, sorted. */
export const entryNames = (prefix: string): string[] =>
  [...memory.keys(), ...Object.keys(localStorage)].filter((name) => name.startsWith(prefix)).sort();
