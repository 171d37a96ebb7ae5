// Server-sent events, as the server writes them: a line each for `event`, `id` and `data`, and an empty line after each event.
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

export interface ServerEvent {
  event: string;
  id: number | null;
  data: unknown;
}

export async function* eventsIn(body: Readable): AsyncGenerator<ServerEvent> {
  let fields: Record<string, string> = {};
  try {
    for await (const line of createInterface({ input: body })) {
      const [, name, value] = /^(event|id|data): (.*)$/.exec(line) ?? [];
      if (name !== undefined) fields[name] = value!;
      if (line !== "" || fields.event === undefined) continue;
      const { event, id, data = "null" } = fields;
      yield { event, id: id === undefined ? null : Number(id), data: JSON.parse(data) };
      fields = {};
    }
  } finally {
    body.destroy(); // the connection would keep the process alive
  }
}
