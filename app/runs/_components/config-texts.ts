// A run's config as files have it, for the launch form and the run's page.
import { stringify } from "yaml";
import { runConfig } from "@/spec/config";
import type { FieldError } from "@/spec/field-error";
import { bundledModel } from "@/spec/models";
import { scripted } from "@/spec/trl/problems";
import { trlScript } from "@/spec/trl/script";

export const configKinds = { yaml: "YAML", json: "JSON", command: "Command", trl: "TRL script" } as const;
export type ConfigKind = keyof typeof configKinds;

const command = (file: string) => `cat > run.json <<'END'\n${file}\nEND\nnpm run --silent workbench -- train run.json`;

/** Null for a model in one file, which is written beside the script as a folder. */
function folderOf(source: string): string | null {
  const { file } = bundledModel(source) ?? {};
  if (file) return "repository" in file ? file.repository : null;
  return source.endsWith(".gguf") ? null : source;
}

/** The script, or what stands in its way. */
function trl(config: object): string {
  const { data: run, error } = runConfig.safeParse({ output: "output", ...config });
  if (!run) return `# no TRL script yet: ${error.issues[0]!.path.join(".")}: ${error.issues[0]!.message}\n`;
  try {
    const script = trlScript(scripted(run), folderOf(run.model.source), run.maxSteps);
    return `# \`workbench export-trl run.json FOLDER\` writes this script together with the files that it reads.\n${script}`;
  } catch (cause) {
    const { path, message } = cause as FieldError;
    return `# no TRL script: ${path}: ${message}\n`;
  }
}

export function configText(kind: ConfigKind, config: object): string {
  if (kind === "yaml") return stringify(config);
  if (kind === "trl") return trl(config);
  const json = JSON.stringify(config, null, 2);
  return kind === "json" ? json : command(json);
}
