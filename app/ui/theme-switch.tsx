"use client";

import type { ReactNode } from "react";

export function ThemeSwitch({ children }: { children: ReactNode }) {
  const flip = () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    localStorage.setItem("theme", next);
    window.dispatchEvent(new Event("themechange"));
  };
  return (
    <button
      type="button"
      onClick={flip}
      aria-label="Switch between light and dark"
      className="rounded-md p-1.5 text-soft hover:bg-raised hover:text-ink"
    >
      {children}
    </button>
  );
}
