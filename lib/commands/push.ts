import { Command } from "commander";
import { print, Refusal, say } from "../../common/command-line";
import { AppError } from "../../spec/errors";

export const push = new Command("push")
  .description("upload a model's or an adapter's folder to the Hugging Face Hub, as one commit")
  .argument("<folder>", "what merge wrote, or a run's output folder")
  .argument("<repository>", "owner/name; it is made where there is none")
  .option("--public", "whether everybody may see a repository that is made; private where it is not given")
  .action(async (folder: string, repository: string, options: { public?: true }) => {
    const { uploadModel } = await import("../hub-upload");
    const { modelFilesIn } = await import("../hub-model-files");
    try {
      const files = modelFilesIn(folder);
      const isPrivate = options.public !== true;
      const title = `Upload ${files.length} files`;
      print(await uploadModel({ repository, isPrivate, files, title }, { says: say }));
    } catch (error) {
      throw error instanceof AppError ? new Refusal(error.message, { cause: error }) : error;
    }
  });
