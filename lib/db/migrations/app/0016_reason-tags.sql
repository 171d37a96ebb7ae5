ALTER TABLE `judgements` ADD `tags` text;--> statement-breakpoint
ALTER TABLE `queues` ADD `reason_tags` text DEFAULT '[]' NOT NULL;