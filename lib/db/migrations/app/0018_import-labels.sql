ALTER TABLE `annotators` ADD `kind` text DEFAULT 'person' NOT NULL;--> statement-breakpoint
CREATE INDEX `annotators_kind` ON `annotators` (`kind`);--> statement-breakpoint
ALTER TABLE `queues` ADD `filled_by` text;