import { z } from "zod";

/** Something about one field of what was sent or of a run file; its path with dots. */
export const problem = z.object({ path: z.string(), message: z.string() });
export type Problem = z.infer<typeof problem>;

/** What an answer that is no success says. */
export const refusal = z
  .object({
    error: z.string(),
    problems: z.array(problem).optional(),
    /** What the server will never take, so that sending it again is of no use. */
    refused: z.literal("vote").optional(),
  })
  .meta({ id: "Refusal" });
export type Refusal = z.infer<typeof refusal>;

interface Told {
  key: string;
  values: Record<string, string | number>;
}

/** An error that the person at the other end can act on: it becomes that HTTP status and those words, in one place (http.ts). */
export class AppError extends Error {
  readonly problems: Problem[];
  /** "vote": this vote will never be taken, however often it is sent. No status says so by itself. */
  readonly refused: "vote" | undefined;
  /** The key of its message among those in several languages (lib/messages), and what stands in its places. */
  readonly told: Told | undefined;
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503,
    message: string,
    {
      problems = [],
      refused,
      told,
      ...options
    }: ErrorOptions & { problems?: Problem[]; refused?: "vote"; told?: Told } = {},
  ) {
    super(message, options);
    this.problems = problems;
    this.refused = refused;
    this.told = told;
  }
}
