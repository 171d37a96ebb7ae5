import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { addMachine, listMachines } from "@/lib/machines/machines";
import { machineDto, machineInput } from "@/spec/machines";

/** Its lines are run by a shell: whoever writes them may do on those machines whatever the workbench may. */
export const GET = handle("administer", { answer: z.array(machineDto) }, () => listMachines());

/** Adds a machine. */
export const POST = handle(
  "administer",
  { body: machineInput, answer: z.array(machineDto), status: 201 },
  async ({ body }) => {
    addMachine(body, Date.now());
    return listMachines();
  },
);
