const longest = 80;

/** The name with the first ending, of those for 1, 2 and so on, with which nothing else is called so. */
export function freeName(name: string, endingOf: (n: number) => string, isTaken: (name: string) => boolean): string {
  for (let n = 1; ; n++) {
    const ending = endingOf(n);
    const wanted = `${name.slice(0, longest - ending.length)}${ending}`;
    if (!isTaken(wanted)) return wanted;
  }
}
