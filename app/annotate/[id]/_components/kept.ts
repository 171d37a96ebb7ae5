// What this browser keeps between pages: votes on their way, and what was typed. Where its storage is full or forbidden, the page remembers.
const memory = new Map<string, string>();
const listeners = new Set<() => void>();

export function tell(): void {
  for (const listener of listeners) listener();
}

/** Calls back when something kept comes, changes or goes, in any tab. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

export function keep(name: string, text: string): void {
  memory.delete(name);
  try {
    localStorage.setItem(name, text);
  } catch {
    memory.set(name, text);
  }
  tell();
}

export const keptUnder = (name: string): string | null => memory.get(name) ?? localStorage.getItem(name);

export function drop(name: string): void {
  memory.delete(name);
  localStorage.removeItem(name);
  tell();
}

/** Names that begin so, in their order. */
export const namesOf = (prefix: string): string[] =>
  [...memory.keys(), ...Object.keys(localStorage)].filter((name) => name.startsWith(prefix)).sort();
