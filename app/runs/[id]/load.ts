import { notFound } from "next/navigation";
import { AppError } from "@/lib/errors";
import { runDetail } from "@/lib/runs/queries";
import type { RunDetail } from "@/lib/runs/schema";

/** The run, or the page that says that there is none. */
export function load(id: string): RunDetail {
  try {
    return runDetail(id);
  } catch (error) {
    if (error instanceof AppError && error.status === 404) notFound();
    throw error;
  }
}
