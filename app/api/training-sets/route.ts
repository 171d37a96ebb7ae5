import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { trainingSet } from "@/lib/runs/run-schema";
import { trainingSets } from "@/lib/runs/training-sets";

/** Every dataset that a run can train on. */
export const GET = handle("read", { answer: z.array(trainingSet) }, () => trainingSets());
