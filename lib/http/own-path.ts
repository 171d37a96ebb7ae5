/** A path of this workbench, or its first page: nobody is led elsewhere by an address that they were sent. */
export const ownPath = (to: unknown): string => (typeof to === "string" && /^\/(?![/\\])/.test(to) ? to : "/");
