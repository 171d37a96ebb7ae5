// What follows from a trainer's events beside their rows: notifications, people at work on its questions, the reason of its end.
import { appendFileSync } from "node:fs";
import type { DatedEvent } from "../../common/event-line";
import { alertWords } from "../../spec/alerts";
import type { EventOf } from "../../spec/events";
import type { Run } from "../db/tables/runs";
import { log as logger } from "../logging/log";
import { keepNewest } from "../storage/clean";
import { openDesk } from "./judgements";
import { orSay } from "./retry";
import { notifyWebhook } from "./webhook";

export interface Listener {
  hear(event: DatedEvent): void;
  /** Passes on what people think by now. To be called again and again. */
  serve(): void;
  /** What the trainer gave as its error. */
  reason(): string | null;
  /** The trainer has ended: nobody is asked any more. */
  close(): void;
  /** Once every notification is out. */
  notified(): Promise<unknown>;
}

/** Of a run in its folder; `log` is the attempt's. */
export function createListener({ id, name }: Run, folder: string, log: string): Listener {
  const desk = openDesk(folder, id);
  const notifications: Promise<void>[] = [];
  let waiting: EventOf<"waiting"> | null = null;
  let reason: string | null = null;
  return {
    hear(event) {
      if (event.event === "waiting") waiting = event;
      if (event.event === "checkpoint")
        keepNewest(id).catch((error: unknown) => logger().error({ err: error }, "older checkpoints stay for now"));
      if (event.event === "alert") {
        const text = `${name}: ${alertWords(event)}`;
        notifications.push(notifyWebhook({ text, run: { id, name }, kind: "alert" }));
      }
      if (event.event !== "failed") return;
      reason = event.message;
      orSay(() => appendFileSync(log, `${event.stack}\n`));
    },
    serve() {
      if (waiting) desk.open(waiting);
      waiting = null;
      desk.look();
    },
    reason: () => reason,
    close: desk.close,
    notified: () => Promise.all(notifications),
  };
}
