import { useEffect, useRef } from "react";

/** Browsers refuse addresses that change much more often. */
const betweenMs = 300;

/** The address bar names the record that is shown, so that a reload opens the same; of records that follow fast, the last. */
export function useAddress(record: number | undefined): void {
  const changed = useRef(0);
  useEffect(() => {
    const address = record === undefined ? window.location.pathname : `?record=${record}`;
    const change = () => {
      changed.current = Date.now();
      // Next's own replaceState would render the page's layout anew; this one is the browser's.
      History.prototype.replaceState.call(window.history, window.history.state, "", address);
    };
    // Even at once it is after the record's first frame.
    const timer = setTimeout(change, changed.current + betweenMs - Date.now());
    return () => clearTimeout(timer);
  }, [record]);
}
