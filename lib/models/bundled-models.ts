// What the pages know of models.
export type { ModelLook } from "../../spec/reports";

/** Those that come with the workbench. */
export const bundledModels = [
  { value: "tiny", about: "1.3 M parameters, Apache-2.0, trained by this project, learns in minutes" },
  { value: "smollm2-135m-instruct", about: "135 M parameters, Apache-2.0, Hugging Face" },
];
