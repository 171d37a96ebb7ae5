// A run's config as files have it, for the launch form and the run's page.
import { stringify } from "yaml";

export const configKinds = { yaml: "YAML", json: "JSON", command: "Command" } as const;
export type ConfigKind = keyof typeof configKinds;

const command = (file: string) => `cat > run.json <<'END'\n${file}\nEND\nnpm run --silent workbench -- train run.json`;

export function configText(kind: ConfigKind, config: object): string {
  if (kind === "yaml") return stringify(config);
  const json = JSON.stringify(config, null, 2);
  return kind === "json" ? json : command(json);
}
