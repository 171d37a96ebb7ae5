// What the launch form knows of a field beside its schema: `.describe()` is its label, `.meta()` where it stands and its sentence.
declare module "zod" {
  interface GlobalMeta {
    /** The sentence under the field. */
    help?: string;
    /** "essential" fields are open on the form, the others folded under Advanced. */
    shown?: "essential" | "advanced";
    /** The value names a file or folder: requests may name only some (lib/runs/allowed.ts). */
    file?: true;
  }
}

export const essential = (help: string) => ({ help, shown: "essential" as const });
export const advanced = (help: string) => ({ help, shown: "advanced" as const });
/** Added to the above where the value is a path. */
export const file = { file: true as const };
