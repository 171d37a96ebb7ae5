/** Of a row of tabs that is wider than a phone: scrolls it, and nothing else, to the one that is open. */
export function intoView(tab: HTMLElement | null): void {
  const row = tab?.closest("nav");
  if (tab && row && tab.offsetLeft + tab.offsetWidth > row.clientWidth) row.scrollLeft = tab.offsetLeft - 16;
}
