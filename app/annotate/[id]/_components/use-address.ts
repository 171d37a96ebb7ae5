import { useEffect } from "react";

/** The address bar names the record that is shown, a moment later: it must not cost the next record a frame. */
export function useAddress(record: number | undefined): void {
  useEffect(() => {
    const address = record === undefined ? window.location.pathname : `?record=${record}`;
    // Next's own replaceState would render the page's layout anew; this one is the browser's.
    const timer = setTimeout(
      () => History.prototype.replaceState.call(window.history, window.history.state, "", address),
      300,
    );
    return () => clearTimeout(timer);
  }, [record]);
}
