CREATE TABLE `labelled_sets` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`holds` text NOT NULL,
	`sha256` text NOT NULL,
	`rows` integer NOT NULL,
	`pairs` integer NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `labelled_sets_name_unique` ON `labelled_sets` (`name`);