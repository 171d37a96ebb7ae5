// Errors that come from outside our own code, in words that say what to do.
import { withoutQuote } from "./json";

/** The sentence a user sees for an error that ended a run. */
export function explain(error: unknown): string {
  const message = withoutQuote(error instanceof Error ? messageOf(error) : String(error));
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "SQLITE_FULL")
    return `The disk is full (${message}); free some space and resume the run.`;
  if (/tfjs_binding|libtensorflow/.test(message))
    return "The TensorFlow backend is not built; run npm start again, which says why and how to get it.";
  if (/OOM when allocating/.test(message))
    return `Memory ran out; halve the batch size or the max length (${message.split("\n")[0]}).`;
  return message;
}

/** Node's error of a host that none of its addresses answers for has no words of its own. */
const messageOf = (error: Error): string =>
  error.message === "" && error instanceof AggregateError ? error.errors.map(explain).join(", ") : error.message;
