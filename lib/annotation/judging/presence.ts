// Who is annotating which dataset now. Only the web process knows, and forgets it when it ends: nothing of it is stored.
import { annotatorNames } from "../../people/annotator-names";
import type { PresentPerson } from "./presence-schema";

/** How long somebody counts as present after they last asked for records or annotated one. */
const staysMs = 3 * 60_000;

/** By dataset and person, when they last did. On globalThis, since the bundler may load this file more than once. */
const held = globalThis as { workbenchPresent?: Map<number, Map<number, number>> };
const present = () => (held.workbenchPresent ??= new Map());

export function noteAtWork(queueId: number, annotatorId: number, now: number): void {
  const people = present().get(queueId) ?? new Map<number, number>();
  present().set(queueId, people.set(annotatorId, now));
}

/** Who is at work on a dataset, whoever did something last first. */
export function presentOn(queueId: number, now: number): PresentPerson[] {
  const people = present().get(queueId) ?? new Map<number, number>();
  for (const [id, at] of people) if (now - at > staysMs) people.delete(id);
  const names = annotatorNames();
  return [...people]
    .flatMap(([annotatorId, at]) => {
      const name = names.get(annotatorId);
      return name === undefined ? [] : [{ annotatorId, name, at }]; // who was merged or erased meanwhile has none
    })
    .toSorted((a, b) => b.at - a.at);
}
