// Names within a template: an iteration of a loop and a macro have their own, and see those around them as they are when they are read.
import { Undefined, type Value } from "./values";

export interface Scope {
  names: Map<string, Value>;
  around: Scope | null;
}

export const within = (around: Scope | null, names: [string, Value][] = []): Scope => ({
  names: new Map(names),
  around,
});

export function lookUp(scope: Scope, name: string): Value {
  for (let one: Scope | null = scope; one !== null; one = one.around) {
    const value = one.names.get(name);
    if (value !== undefined) return value;
  }
  return new Undefined(`'${name}' is undefined`);
}
