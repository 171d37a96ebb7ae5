CREATE TABLE `machines` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`runs_at_once` integer NOT NULL,
	`settings` text NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `machines_name` ON `machines` (lower("name"));--> statement-breakpoint
ALTER TABLE `leases` ADD `job` text;