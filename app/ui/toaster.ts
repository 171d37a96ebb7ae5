// Where toasts stand: mounted once, when this is first loaded.
import { createElement } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { Toaster, toast } from "sonner";
import { here } from "../_messages/translate";

const style = { background: "var(--surface)", color: "var(--ink)", borderColor: "var(--line)", fontFamily: "inherit" };
// over the empty middle of the bar at the top, or under a phone's, where no control is
const toaster = createElement(Toaster, {
  containerAriaLabel: here()("shell.notifications"),
  position: "top-center",
  style: { fontFamily: "inherit" },
  offset: { top: 4 },
  mobileOffset: { top: 52 },
  toastOptions: { style, actionButtonStyle: { background: "var(--accent)", color: "var(--accent-ink)" } },
});
flushSync(() => createRoot(document.body.appendChild(document.createElement("div"))).render(toaster)); // before the first toast

export { toast };
