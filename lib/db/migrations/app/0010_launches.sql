ALTER TABLE `runs` ADD `after` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `parent_run` text;--> statement-breakpoint
ALTER TABLE `runs` ADD `parent_step` integer;--> statement-breakpoint
ALTER TABLE `runs` ADD `sweep` text;--> statement-breakpoint
ALTER TABLE `runs` ADD `origin` text;