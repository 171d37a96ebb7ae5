CREATE TABLE `evaluations` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`run_id` text,
	`step` integer,
	`source` text NOT NULL,
	`dtype` text NOT NULL,
	`quantisation` text,
	`asked` text NOT NULL,
	`settings` text NOT NULL,
	`result` text NOT NULL,
	`harness` text NOT NULL,
	`started_by` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`started_by`) REFERENCES `annotators`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `evaluations_of_run` ON `evaluations` (`run_id`);--> statement-breakpoint
CREATE INDEX `evaluations_of_base` ON `evaluations` (`source`);