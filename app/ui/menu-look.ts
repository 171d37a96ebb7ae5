// How menus look; their behaviour is radix-ui's. They are rendered where they stand, without a portal, so that they lie within a landmark.
export const menuClass =
  "z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-52 overflow-y-auto rounded-md border bg-surface p-1 text-sm shadow-lg";

export const menuItemClass =
  "flex min-h-9 cursor-pointer select-none items-center gap-2.5 rounded px-2.5 outline-none data-highlighted:bg-accent-wash data-disabled:cursor-default data-disabled:opacity-55";

/** The heading over some items. */
export const menuLabelClass = "px-2.5 py-1.5 text-soft text-xs";
