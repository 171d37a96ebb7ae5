import { body, handle } from "@/lib/http/handle";
import { addMachine, listMachines } from "@/lib/machines/machines";
import { machineInput } from "@/spec/machines";

/** Its lines are run by a shell: whoever writes them may do on those machines whatever the workbench may. */
export const GET = handle("administer", () => Response.json(listMachines()));

export const POST = handle("administer", async (request) => {
  addMachine(await body(request, machineInput), Date.now());
  return Response.json(listMachines(), { status: 201 });
});
