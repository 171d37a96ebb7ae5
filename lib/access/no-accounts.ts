import { AppError } from "../../spec/errors";

/** Of what needs an account, on one's own machine. */
export const noAccounts = (): AppError => new AppError(404, "There are no accounts here: WORKBENCH_URL is not set.");
