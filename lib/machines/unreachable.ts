/** Nothing was heard of a scheduler: what it was asked to do may be possible later, and may have been done all the same. */
export class Unreachable extends Error {}

/** What `sbatch`, `ssh`, `curl` and the like say of a server that they do not reach. */
const words =
  /connection (refused|reset|closed)|connect failure|unable to contact|timed out|zero bytes were transmitted|no route to host|unreachable|could not resolve|temporary failure/i;

export const tellsOfOutage = (said: string): boolean => words.test(said);
