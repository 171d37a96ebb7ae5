import { notFound } from "next/navigation";
import { AppError } from "@/spec/errors";

/** What an address names, or the page that says that there is none. */
export function orNotFound<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError && error.status === 404) notFound();
    throw error;
  }
}
