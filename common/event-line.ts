// A line of a trainer's events, as whoever reads them takes it: the runner, and a job that is started anew.
import { z } from "zod";
import { problems } from "../spec/config";
import { type TrainerEvent, trainerEvent } from "../spec/events";
import { withoutQuote } from "./json";

export type DatedEvent = TrainerEvent & { at: number };

/** An event, dated `now` where the trainer gave no date; of any other line what it says. */
export function readEvent(line: string, now: number): DatedEvent | { at: number; text: string } {
  try {
    const { at = now, ...event } = trainerEvent.parse(JSON.parse(line));
    return { ...event, at };
  } catch (error) {
    return { at: now, text: `a line of the trainer's is no event: ${line.slice(0, 200)} (${reasonOf(error)})` };
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof z.ZodError
    ? problems(error).join("; ")
    : withoutQuote(error instanceof Error ? error.message : String(error));
