CREATE INDEX `assignments_expiry` ON `assignments` (`expires_at`);--> statement-breakpoint
CREATE INDEX `item_scores_time` ON `item_scores` (`created_at`);--> statement-breakpoint
CREATE INDEX `items_tally` ON `items` (`id`,`queue_id`,`position`,`place`,"ranking" IS NOT NULL,"gold" IS NOT NULL);