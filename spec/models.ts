// The models that come with the workbench, by the names that run files use. scripts/setup/models.mjs downloads what is not in the repository.
interface BundledModel {
  name: string;
  about: string;
  /** In the repository, or in the folder of downloads (common/model-paths.ts). */
  file: { repository: string } | { download: string };
  /** What a reward model on it learns a preference with: a small one takes a rate that would ruin a model of a hundred million parameters. */
  rewardLearningRate: number;
}

export const bundledModels: readonly BundledModel[] = [
  {
    name: "tiny",
    about: "1.3 M parameters, Apache-2.0, trained by this project, learns in minutes",
    file: { repository: "data/tiny" },
    rewardLearningRate: 2e-3,
  },
  {
    name: "smollm2-135m-instruct",
    about: "135 M parameters, Apache-2.0, Hugging Face",
    file: { download: "smollm2-135m-instruct.gguf" },
    rewardLearningRate: 1e-4,
  },
];

/** Whether it is one .gguf file, by its name or its path. */
export function isGguf(source: string): boolean {
  const file = bundledModel(source)?.file;
  return (file && "download" in file ? file.download : source).endsWith(".gguf");
}

/** Null where it is no bundled one, but a folder or a file. */
export const bundledModel = (source: unknown): BundledModel | null =>
  bundledModels.find(({ name }) => name === source) ?? null;
