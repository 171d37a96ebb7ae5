CREATE TABLE `assignments` (
	`item_id` integer NOT NULL,
	`annotator_id` integer NOT NULL,
	`slot` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`item_id`, `annotator_id`),
	FOREIGN KEY (`item_id`) REFERENCES `items`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`annotator_id`) REFERENCES `annotators`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
ALTER TABLE `judgements` ADD `extra` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `queues` ADD `overlap` integer;