/** A moment as part of a folder's name; later ones sort after earlier ones. */
export const timeStamp = (at: number): string => new Date(at).toISOString().slice(0, 19).replaceAll(":", "-");
