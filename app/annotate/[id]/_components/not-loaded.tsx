/** In the place of a part that did not arrive. What was voted and typed is in the browser, so a reload loses nothing. */
export const NotLoaded = () => (
  <p role="alert" className="p-3 text-sm">
    This part could not be loaded: the server did not answer. Your annotations and drafts are kept.{" "}
    <button type="button" onClick={() => window.location.reload()} className="min-h-8 underline">
      Reload the page
    </button>
  </p>
);
