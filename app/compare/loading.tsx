import { Page } from "../ui/screen";

/** Shown after a moment only: most visits are drawn before it could be read. */
export default function Loading() {
  return (
    <Page>
      <p role="status" className="animate-[appear_0s_0.4s_both] text-soft">
        Loading runs…
      </p>
    </Page>
  );
}
