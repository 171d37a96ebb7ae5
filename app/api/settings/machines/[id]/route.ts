import { body, handle } from "@/lib/http/handle";
import { changeMachine, listMachines, removeMachine } from "@/lib/machines/machines";
import { machineInput } from "@/spec/machines";

export const PATCH = handle<RouteContext<"/api/settings/machines/[id]">>("administer", async (request, { params }) => {
  changeMachine(Number((await params).id), await body(request, machineInput));
  return Response.json(listMachines());
});

export const DELETE = handle<RouteContext<"/api/settings/machines/[id]">>("administer", async (_, { params }) => {
  removeMachine(Number((await params).id));
  return Response.json(listMachines());
});
