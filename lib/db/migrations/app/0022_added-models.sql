ALTER TABLE `models` ADD `added_at` integer;--> statement-breakpoint
ALTER TABLE `models` ADD `look` text;