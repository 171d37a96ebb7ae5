ALTER TABLE `runs` ADD `turn` integer;--> statement-breakpoint
ALTER TABLE `runs` ADD `not_before` integer;