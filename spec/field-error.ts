/** Something wrong with a run that one of its fields is to blame for. */
export class FieldError extends Error {
  constructor(
    /** In the run file, with dots. */
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
