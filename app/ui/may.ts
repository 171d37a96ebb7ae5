// What whoever is signed in may do here. Markup says what it needs by `data-needs` (app/globals.css hides the rest); this asks for what keys do
// and lists hold.
import { type Permission, permissionWord } from "@/spec/roles";

/** On the page of a dataset, of it. False on the server, which shows everything and hides it by style. */
export function mayHere(permission: Permission): boolean {
  if (typeof document === "undefined") return false;
  const place = document.querySelector<HTMLElement>("main [data-may]") ?? document.documentElement;
  return (place.dataset.may ?? "").split(" ").includes(permissionWord(permission));
}
