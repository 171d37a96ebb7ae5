// Active time on a record: time with the page hidden or without activity does not count.

/** After this long without a key, click, scroll or mouse move the annotator counts as idle. */
export const idleAfterMs = 30_000;

export interface ActiveClock {
  restart(now: number): void;
  /** Some activity. */
  touch(now: number): void;
  hide(now: number): void;
  show(now: number): void;
  /** Active milliseconds since the restart. */
  read(now: number): number;
}

export function createActiveClock(): ActiveClock {
  let [total, last] = [0, 0];
  let hidden = false;
  const count = (now: number) => {
    if (!hidden) total += Math.min(now - last, idleAfterMs);
    last = now;
  };
  return {
    restart(now) {
      [total, last] = [0, now];
    },
    touch: count,
    hide(now) {
      count(now);
      hidden = true;
    },
    show(now) {
      count(now);
      hidden = false;
    },
    read(now) {
      count(now);
      return Math.round(total);
    },
  };
}

const signs = ["keydown", "pointerdown", "pointermove", "wheel", "scroll"] as const;

/** Feeds a clock with the page's events until the returned function is called. */
export function followPage(clock: ActiveClock): () => void {
  const touch = () => clock.touch(performance.now());
  const turn = () => (document.hidden ? clock.hide(performance.now()) : clock.show(performance.now()));
  for (const sign of signs) window.addEventListener(sign, touch, { passive: true });
  document.addEventListener("visibilitychange", turn);
  return () => {
    for (const sign of signs) window.removeEventListener(sign, touch);
    document.removeEventListener("visibilitychange", turn);
  };
}
