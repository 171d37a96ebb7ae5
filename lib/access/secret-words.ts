// Random words that a link or a script carries: whoever has them is let in, so the database keeps their hash alone.
import { createHash, randomBytes } from "node:crypto";

export const newSecret = (): string => randomBytes(32).toString("base64url");

/** What is kept. No salt and no slow hash: nobody guesses 256 random bits. */
export const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");
