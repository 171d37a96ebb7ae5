// How large answers are set, in this browser; the layout's script reads it before the first paint, and app/globals.css has the sizes.
export const textSizes = ["", "large", "larger"] as const;
export type TextSize = (typeof textSizes)[number];

export const chosenTextSize = (): TextSize => textSizes.find((size) => size === localStorage.getItem("text")) ?? "";

export function chooseTextSize(size: TextSize): void {
  localStorage.setItem("text", size);
  document.documentElement.dataset.text = size;
}
