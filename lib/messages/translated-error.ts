// Errors that annotators see: in English, as every error, and under a key, so that they are told in the language of the page that asked.

import type { Values } from "../../common/translate";
import type { Language } from "../../common/written-language";
import { AppError } from "../../spec/errors";
import { type MessageKey, translate } from "./messages";

type ErrorKey = Extract<MessageKey, `error.${string}`>;

export const translatedError = (
  status: AppError["status"],
  key: ErrorKey,
  values: Values = {},
  options: { refused?: "vote" } & ErrorOptions = {},
): AppError => new AppError(status, translate("en", key, values), { ...options, told: { key, values } });

export const messageIn = (language: Language, { message, told }: AppError): string =>
  told ? translate(language, told.key as ErrorKey, told.values) : message;
