// A run's config as files have it, for the launch form and the run's page.
import { stringify } from "yaml";
import { type RunConfig, runConfig } from "@/spec/config";
import type { FieldError } from "@/spec/field-error";
import { bundledModel } from "@/spec/models";
import { openRlhfCommand } from "@/spec/openrlhf/command";
import { exportable } from "@/spec/openrlhf/problems";
import { scripted } from "@/spec/trl/problems";
import { trlScript } from "@/spec/trl/script";

export const configKinds = {
  ...{ yaml: "YAML", json: "JSON", command: "Command" },
  ...{ trl: "TRL script", openrlhf: "OpenRLHF command" },
} as const;
export type ConfigKind = keyof typeof configKinds;

const command = (file: string) => `cat > run.json <<'END'\n${file}\nEND\nnpm run --silent workbench -- train run.json`;

/** Null for a model in one file, which is written beside the script as a folder. */
function folderOf(source: string): string | null {
  const { file } = bundledModel(source) ?? {};
  if (file) return "repository" in file ? file.repository : null;
  return source.endsWith(".gguf") ? null : source;
}

/** A run as another program trains it, below the command that writes it with its rows; or what stands in its way. */
function exported(config: object, what: string, name: string, write: (run: RunConfig) => string): string {
  const { data: run, error } = runConfig.safeParse({ output: "output", ...config });
  if (!run) return `# no ${what} yet: ${error.issues[0]!.path.join(".")}: ${error.issues[0]!.message}\n`;
  try {
    return `# \`workbench ${name} run.json FOLDER\` writes this together with the files that it reads.\n${write(run)}`;
  } catch (cause) {
    const { path, message } = cause as FieldError;
    return `# no ${what}: ${path}: ${message}\n`;
  }
}

const trl = (run: RunConfig) => trlScript(scripted(run), folderOf(run.model.source), run.maxSteps);

function openRlhf(run: RunConfig): string {
  const { heldOut, eval: evalFile, splitColumn } = run.data;
  return openRlhfCommand(exportable(run), {
    model: folderOf(run.model.source),
    rows: { heldOut: heldOut > 0 || evalFile !== null || splitColumn !== null, margins: false },
    workbench: ["workbench"],
  });
}

export function configText(kind: ConfigKind, config: object): string {
  if (kind === "yaml") return stringify(config);
  if (kind === "trl") return exported(config, configKinds.trl, "export-trl", trl);
  if (kind === "openrlhf") return exported(config, configKinds.openrlhf, "export-openrlhf", openRlhf);
  const json = JSON.stringify(config, null, 2);
  return kind === "json" ? json : command(json);
}
