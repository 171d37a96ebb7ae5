CREATE TABLE `dataset_roles` (
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	`dataset_id` integer NOT NULL,
	`role` text NOT NULL,
	PRIMARY KEY(`user_id`, `kind`, `dataset_id`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
ALTER TABLE `queues` ADD `restricted` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `labelled_sets` ADD `restricted` integer DEFAULT false NOT NULL;