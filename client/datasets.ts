// The datasets of a server by what people call them.
import { Refusal } from "../common/command-line";
import { operations } from "../lib/api/operations";
import type { TrainingSet } from "../lib/runs/run-schema";
import { ask } from "./ask";
import type { Server } from "./servers";

export const queuesOf = (server: Server) => ask(server, operations.datasets, {});
const trainingSetsOf = (server: Server) => ask(server, operations.trainingSets, {});

/** Of a dataset that is annotated, by its name or its number. */
export async function queueIdOf(server: Server, called: string): Promise<number> {
  const queues = await queuesOf(server);
  const found = queues.find(({ name }) => name === called) ?? queues.find(({ id }) => String(id) === called);
  if (found) return found.id;
  throw new Refusal(`${server.url} has no dataset ${called} to annotate; it has ${said(queues)}`);
}

/** Of one that can be trained on, by its name. */
export async function trainingSetOf(server: Server, called: string): Promise<TrainingSet> {
  const sets = await trainingSetsOf(server);
  const [found, second] = sets.filter(({ name }) => name === called);
  if (found && !second) return found;
  const why = second ? "two datasets" : "no dataset to train on";
  throw new Refusal(`${server.url} has ${why} named ${called}; it has ${said(sets)}`);
}

const said = (all: { name: string }[]): string => all.map(({ name }) => name).join(", ") || "none yet";
