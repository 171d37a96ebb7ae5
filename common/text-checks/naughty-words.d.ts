declare module "naughty-words" {
  /** By language, ISO 639-1. */
  const lists: Record<string, string[]>;
  export default lists;
}
