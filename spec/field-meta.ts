// What pages and checks know of a field beside its type: `.describe()` is its label, `.meta()` the rest.
declare module "zod" {
  interface GlobalMeta {
    /** The sentence under the field. */
    help?: string;
    /** "essential" fields are open on the form, "advanced" ones folded; "run-file" ones have no input on the form. */
    shown?: "essential" | "advanced" | "run-file";
    /** What the form offers for a text of which others may be known, too. */
    choices?: string[];
    /** The value names a file or folder: requests may name only some (lib/runs/allowed.ts). */
    file?: true;
    /** The value names a file whose code is run: of a team only owners may name one (lib/runs/allowed.ts). */
    program?: true;
    /** What the form offers for it, and what is looked at before a run starts. */
    takes?: Takes;
    /** Names of the field in earlier versions and in scripts outside: read as this one (spec/former-names.ts). */
    formerly?: string[];
  }
}

const folders = ["policy", "teacher", "reward-model", "scorer"] as const;
/** The adapter of a policy; that or a model, as a teacher; a reward model, which a launch may train first; anything with a reward model's head. */
type TakesFolder = (typeof folders)[number];
/** The same, or a queue of pairs; what answers are rated on; a dataset of texts; an endpoint by its name. */
export type Takes = TakesFolder | "queue" | "criterion" | "texts" | "endpoint";

/** Whether a run builds on the folder that the field names. */
export const takesFolder = (takes: Takes | undefined): boolean => folders.some((folder) => folder === takes);

export const essential = (help: string) => ({ help, shown: "essential" as const });
export const advanced = (help: string) => ({ help, shown: "advanced" as const });
export const runFileOnly = (help: string) => ({ help, shown: "run-file" as const });
/** Added to the above where the value is a path. */
export const file = { file: true as const };
/** Added where the file is a program. */
export const program = { ...file, program: true as const };
/** Added where the path is what a run left behind. */
export const folderOf = (takes: TakesFolder) => ({ ...file, takes });
