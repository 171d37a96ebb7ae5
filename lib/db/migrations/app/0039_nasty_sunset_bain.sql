CREATE TABLE `rungs` (
	`run_id` text NOT NULL,
	`rung` integer NOT NULL,
	`step` integer NOT NULL,
	`value` real NOT NULL,
	PRIMARY KEY(`run_id`, `rung`),
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `sweeps` (
	`id` text PRIMARY KEY NOT NULL,
	`halving` text NOT NULL
) STRICT;
--> statement-breakpoint
ALTER TABLE `runs` ADD `priority` text DEFAULT 'normal' NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `memory` integer;--> statement-breakpoint
ALTER TABLE `runs` ADD `rung` integer;--> statement-breakpoint
ALTER TABLE `runs` ADD `held` integer DEFAULT false NOT NULL;