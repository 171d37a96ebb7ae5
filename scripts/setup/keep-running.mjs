// A part of the workbench that ends unexpectedly is started again, after longer and longer pauses; one that keeps dying is given up.

/** Milliseconds before each new start, after deaths that follow each other quickly. */
const pauses = [500, 1000, 2000, 4000, 8000];
/** Of a part that is never given up. */
const longestPause = 60_000;
/** Who has lived longer than that was well: the count begins anew. */
const wellMs = 60_000;

/**
 * `launch` starts the part as a child process. `say` gets a line for each end, `giveUp` the last one; where it is null the part is tried again for ever. `current()` is the child that runs or has
 * run last; after `leave()` none is started any more.
 */
export function keepRunning(name, launch, { say, giveUp }) {
  let [deaths, left] = [0, false];
  let current = begin();

  function begin() {
    const began = Date.now();
    const child = launch();
    child.once("close", (code, signal) => {
      if (left) return;
      if (Date.now() - began > wellMs) deaths = 0;
      const end = `${name} ended unexpectedly (${signal ?? `status ${code}`})`;
      const pause = pauses[deaths++] ?? longestPause;
      if (giveUp && deaths > pauses.length)
        return giveUp(
          `${end}, for the ${deaths}th time within moments of its start; stopping. logs/ of the data folder says why.`,
        );
      say(`${end}; it is started again in ${pause / 1000} s.`);
      setTimeout(() => {
        if (!left) current = begin();
      }, pause);
    });
    return child;
  }

  return {
    current: () => current,
    leave() {
      left = true;
    },
  };
}
