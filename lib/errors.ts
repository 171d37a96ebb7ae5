/** Something about one field of what was sent or of a run file; its path with dots. */
export interface Problem {
  path: string;
  message: string;
}

/** An error that the person at the other end can act on: it becomes that HTTP status and those words, in one place (http.ts). */
export class AppError extends Error {
  readonly problems: Problem[];
  constructor(
    readonly status: 400 | 401 | 404 | 409 | 413 | 503,
    message: string,
    { problems = [], ...options }: ErrorOptions & { problems?: Problem[] } = {},
  ) {
    super(message, options);
    this.problems = problems;
  }
}
