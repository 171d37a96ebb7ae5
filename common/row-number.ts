/** The number of a row, as an address names it; null where it names none. */
export const rowNumber = (text: string): number | null => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : null);
