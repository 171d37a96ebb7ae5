// People as judges: what a run asks of a queue, and gets.
import type { Message } from "./chat";

/** What people think of two answers: first over second, the other way round, or neither; undefined while nobody has looked. */
export type Opinion = "first" | "second" | "tie" | undefined;

/** A place where people compare pairs. The same pair put in twice is one pair. */
export interface PairQueue {
  name: string;
  add(pairs: { prompt: Message[]; answers: [string, string] }[]): void;
  opinions(pairs: { prompt: Message[]; answers: [string, string] }[]): Opinion[];
}
