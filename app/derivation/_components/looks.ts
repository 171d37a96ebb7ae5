// How the plots of the derivation tell their lines and marks apart: by colour, and by shape or dash as well.
const hue = (degrees: number) => `oklch(var(--series-lightness) 0.14 ${degrees})`;

export const looks = {
  reference: "var(--soft)",
  optimum: hue(275),
  policy: hue(65),
  second: hue(190),
};

export const answerName = (y: number) => `y${"₁₂₃₄₅"[y]}`;
