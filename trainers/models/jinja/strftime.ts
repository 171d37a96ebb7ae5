// Python's strftime in the C locale, as far as templates write dates; any other letter is refused.

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [
  ...["January", "February", "March", "April", "May", "June", "July"],
  ...["August", "September", "October", "November", "December"],
];

export function strftime(date: Date, format: string): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const hour = date.getHours() % 12 === 0 ? 12 : date.getHours() % 12;
  const parts: Record<string, string> = {
    a: days[date.getDay()]!.slice(0, 3),
    A: days[date.getDay()]!,
    b: months[date.getMonth()]!.slice(0, 3),
    B: months[date.getMonth()]!,
    d: two(date.getDate()),
    e: String(date.getDate()).padStart(2, " "),
    "-d": String(date.getDate()),
    m: two(date.getMonth() + 1),
    "-m": String(date.getMonth() + 1),
    y: two(date.getFullYear() % 100),
    Y: String(date.getFullYear()),
    H: two(date.getHours()),
    I: two(hour),
    M: two(date.getMinutes()),
    S: two(date.getSeconds()),
    p: date.getHours() < 12 ? "AM" : "PM",
    "%": "%",
  };
  return format.replace(/%(-?.)/g, (found, letter: string) => {
    const part = parts[letter];
    if (part === undefined) throw new Error(`strftime's ${found} is not supported in a template`);
    return part;
  });
}
