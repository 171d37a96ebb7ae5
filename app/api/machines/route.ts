import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { listMachines } from "@/lib/machines/machines";

/** What a run file may call them. How they are reached is the administrators' to see. */
export const GET = handle("write", { answer: z.array(z.string()) }, () => listMachines().map(({ name }) => name));
