/** A name that people gave as files and folders bear it. */
export const fileName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
