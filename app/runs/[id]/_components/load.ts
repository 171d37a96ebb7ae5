import { runDetail } from "@/lib/runs/run-detail";
import type { RunDetail } from "@/lib/runs/run-schema";
import { orNotFound } from "../../../or-not-found";

/** The run, or the not-found page. */
export const load = (id: string): RunDetail => orNotFound(() => runDetail(id));
