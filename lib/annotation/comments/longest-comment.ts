/** In characters. Apart from the schema, so that the annotation screen need not load zod for it. */
export const longestComment = 4000;
