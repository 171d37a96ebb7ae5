DROP INDEX `snapshots_sha256_unique`;--> statement-breakpoint
CREATE UNIQUE INDEX `snapshots_queue_content` ON `snapshots` (`queue_id`,`sha256`);--> statement-breakpoint
ALTER TABLE `queues` ADD `filled_at` integer;--> statement-breakpoint
ALTER TABLE `labelled_sets` ADD `imitated` integer;