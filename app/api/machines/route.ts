import { handle } from "@/lib/http/handle";
import { listMachines } from "@/lib/machines/machines";

/** What a run file may call them. How they are reached is the administrators' to see. */
export const GET = handle("write", () => Response.json(listMachines().map(({ name }) => name)));
