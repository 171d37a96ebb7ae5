// An error that the person at the other end can act on: it becomes that HTTP status and those words, in one place (http.ts).
export class AppError extends Error {
  constructor(
    readonly status: 400 | 401 | 404 | 409 | 413 | 503,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
