// A run's colour and dash follow from its number, so that it looks the same in every comparison.
import { color } from "../../ui/plot";

const hues = [275, 65, 190, 25, 150, 330, 235, 105, 305, 0];
const dashes = [[], [6, 3], [2, 3]];

/** For HTML and SVG; the theme sets the lightness. */
export const colourOf = (number: number) => `oklch(var(--series-lightness) 0.14 ${hues[number % hues.length]})`;
export const dashOf = (number: number) => dashes[Math.floor(number / hues.length) % dashes.length]!;

/** For a canvas, which cannot use CSS variables. */
export function paintOf(number: number, opacity = 1): string {
  return `oklch(${color("--series-lightness")} 0.14 ${hues[number % hues.length]} / ${opacity})`;
}
