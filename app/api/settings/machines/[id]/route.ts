import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { changeMachine, listMachines, removeMachine } from "@/lib/machines/machines";
import { machineDto, machineInput } from "@/spec/machines";

/** Changes a machine. */
export const PATCH = handle(
  "administer",
  { body: machineInput, answer: z.array(machineDto) },
  async ({ body }, { params }: RouteContext<"/api/settings/machines/[id]">) => {
    changeMachine(Number((await params).id), body);
    return listMachines();
  },
);

/** Takes a machine out of the list. */
export const DELETE = handle(
  "administer",
  { answer: z.array(machineDto) },
  async (_, { params }: RouteContext<"/api/settings/machines/[id]">) => {
    removeMachine(Number((await params).id));
    return listMachines();
  },
);
