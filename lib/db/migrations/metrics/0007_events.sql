DROP TABLE `reference_scores`;--> statement-breakpoint
ALTER TABLE `fences` ADD `bytes_read` integer DEFAULT 0 NOT NULL;