import { useTranslate } from "@/app/_messages/use-translate";

/** In the place of a part that did not arrive. What was voted and typed is in the browser, so a reload loses nothing. */
export function NotLoaded() {
  const t = useTranslate();
  return (
    <p role="alert" className="p-3 text-sm">
      {t("screen.partMissing")}{" "}
      <button type="button" onClick={() => window.location.reload()} className="min-h-8 underline">
        {t("screen.reload")}
      </button>
    </p>
  );
}
