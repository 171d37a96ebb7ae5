CREATE TABLE `answers` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`run_id` text NOT NULL,
	`step` integer NOT NULL,
	`slot` integer NOT NULL,
	`attempt` integer NOT NULL,
	`prompt` text NOT NULL,
	`answer` text NOT NULL,
	`tokens` integer NOT NULL,
	`kl` real NOT NULL,
	`gold` real
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `answers_slot` ON `answers` (`run_id`,`step`,`slot`);--> statement-breakpoint
CREATE TABLE `fences` (
	`run_id` text PRIMARY KEY NOT NULL,
	`attempt` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `log_lines` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`run_id` text NOT NULL,
	`attempt` integer NOT NULL,
	`at` integer NOT NULL,
	`text` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `log_lines_run` ON `log_lines` (`run_id`,`seq`);--> statement-breakpoint
CREATE TABLE `points` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`run_id` text NOT NULL,
	`step` integer NOT NULL,
	`attempt` integer NOT NULL,
	`at` integer NOT NULL,
	`values` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `points_step` ON `points` (`run_id`,`step`);--> statement-breakpoint
CREATE INDEX `points_seq` ON `points` (`run_id`,`seq`);