import { operations } from "@/lib/api/operations";
import { handle } from "@/lib/http/handle";
import { trainingSets } from "@/lib/runs/training-sets";

/** Every dataset that a run can train on. */
export const GET = handle("read", operations.trainingSets, () => trainingSets());
