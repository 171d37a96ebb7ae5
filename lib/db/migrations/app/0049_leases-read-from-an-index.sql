DROP INDEX `assignments_expiry`;--> statement-breakpoint
CREATE INDEX `assignments_expiry` ON `assignments` (`expires_at`,`item_id`,`annotator_id`);