/** "NAME (copy)", or with a number where that is taken. */
export function copyName(name: string, isTaken: (name: string) => boolean): string {
  for (let i = 1; ; i++) {
    const ending = i === 1 ? " (copy)" : ` (copy ${i})`;
    const wanted = `${name.slice(0, 80 - ending.length)}${ending}`;
    if (!isTaken(wanted)) return wanted;
  }
}
