import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the workbench under test may read models that a journey brings along (WORKBENCH_FOLDERS). */
export const modelsFolder = join(tmpdir(), `workbench-e2e-models-${process.env.E2E_PORT ?? "3417"}`);
