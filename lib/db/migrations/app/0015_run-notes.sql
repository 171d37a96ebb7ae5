ALTER TABLE `runs` ADD `tags` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `remark` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `archived_at` integer;