// What people may do where the workbench serves a team. On one's own machine everybody may do everything.

/** From most to least. */
export const roles = ["owner", "researcher", "reviewer", "annotator", "viewer"] as const;
export type Role = (typeof roles)[number];

/**
 * What a page or a route asks for. `public`: nothing, not even a session. `signed in`: a session. `annotate`: label records, and see what one
 * has labelled oneself. `read`: see all datasets, runs and models. `review`: rule on what annotators disagree about. `write`: change datasets,
 * launch runs, add models. `administer`: people, settings, storage.
 */
export const permissions = ["public", "signed in", "annotate", "read", "review", "write", "administer"] as const;
export type Permission = (typeof permissions)[number];

/** What a token for scripts may be limited to. */
export const scopes = ["annotate", "read", "review", "write", "administer"] as const satisfies readonly Permission[];

const granted: Record<Role, readonly Permission[]> = {
  owner: ["annotate", "read", "review", "write", "administer"],
  researcher: ["annotate", "read", "review", "write"],
  reviewer: ["annotate", "read", "review"],
  annotator: ["annotate"],
  viewer: ["read"],
};

/** `role`: null of whoever has not signed in. `only`: of a script, to what its token is limited; null where to nothing. */
export const may = (role: Role | null, permission: Permission, only: readonly Permission[] | null = null): boolean =>
  permission === "public" ||
  (role !== null &&
    (permission === "signed in" || (granted[role].includes(permission) && (only?.includes(permission) ?? true))));

/** All that a role may, as an attribute of the page has it: words apart by blanks. */
export const permitted = (may: (permission: Permission) => boolean): string =>
  permissions.flatMap((one) => (may(one) ? permissionWord(one) : [])).join(" ");
export const permissionWord = (permission: Permission): string => permission.replaceAll(" ", "-");

export const roleAbout: Record<Role, string> = {
  owner: "everything, people and settings too",
  researcher: "annotates, reviews, changes datasets, trains models",
  reviewer: "annotates, sees everything, rules on disagreements",
  annotator: "annotates, and sees nothing else",
  viewer: "sees everything and changes nothing",
};
