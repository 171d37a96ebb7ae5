CREATE TABLE `assigned_work` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`queue_id` integer NOT NULL,
	`annotator_id` integer NOT NULL,
	`records` text NOT NULL,
	`due` text,
	`given_by` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`queue_id`) REFERENCES `queues`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`annotator_id`) REFERENCES `annotators`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`given_by`) REFERENCES `annotators`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `assigned_work_person` ON `assigned_work` (`queue_id`,`annotator_id`);--> statement-breakpoint
ALTER TABLE `queues` ADD `assigned_only` integer DEFAULT false NOT NULL;