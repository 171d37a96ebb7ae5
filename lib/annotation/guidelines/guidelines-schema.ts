// What people are told of the versions of guidelines, and say of them.
import { z } from "zod";

/** Guidelines that somebody has not read who annotated under earlier ones, with those. */
export interface UnreadGuidelines {
  number: number;
  who: string | null;
  at: number;
  before: string;
  after: string;
}

export const agreementInput = z.strictObject({ number: z.int().min(1) });

export interface GuidelineVersionDto {
  number: number;
  guidelines: string;
  asks: boolean;
  who: string | null;
  at: number;
  /** People who said to have read it. */
  agreed: number;
}
